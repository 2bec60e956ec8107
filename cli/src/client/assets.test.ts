import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { ApiClient, RequestOptions } from './api-client.ts';
import { type BucketInput, createUpload, type NewUpload, registerAsset } from './assets.ts';

const UPLOAD = { id: '0'.repeat(32), url: 'http://upload.test/files/x', timeout: 86_400, status: 'waiting' };

const ASSET = {
  id: '0'.repeat(32),
  created_at: '1700000000',
  encoding_tier: 'smart',
  master_access: 'none',
  max_resolution_tier: '2160p',
  progress: { state: 'completed', progress: 100 },
  status: 'ready',
  video_quality: 'plus',
};

/** What an installation that gives `answer` is asked for. */
async function askFor(answer: object, ask: (api: ApiClient) => Promise<unknown>): Promise<unknown> {
  const asked: (RequestOptions | undefined)[] = [];
  const api: ApiClient = {
    async request<T>(_: string, schema: z.ZodType<T>, options?: RequestOptions) {
      asked.push(options);
      return schema.parse(answer);
    },
    send: () => Promise.reject(new Error('not expected')),
  };
  await ask(api);
  return asked[0]?.body;
}

test.each<[NewUpload, object]>([
  [{ policy: 'signed' }, { playback_policies: ['signed'] }],
  [
    { policy: 'public', title: 'T', quality: 'premium' },
    { playback_policies: ['public'], meta: { title: 'T' }, video_quality: 'premium' },
  ],
])('an upload of %j asks for no more than was said', async (upload, new_asset_settings) => {
  expect(await askFor(UPLOAD, (api) => createUpload(api, upload))).toEqual({ new_asset_settings, timeout: 86_400 });
});

test.each<[BucketInput, object]>([
  [
    { key: 'external/x/a/main.m3u8', policy: 'signed' },
    { inputs: [{ url: 'bucket://external/x/a/main.m3u8' }], playback_policies: ['signed'] },
  ],
  [
    { key: 'external/x/a/main.m3u8', prefix: 'external/x', policy: 'public', title: 'T' },
    { inputs: [{ url: 'bucket://external/x/a/main.m3u8', prefix: 'external/x' }], playback_policies: ['public'], meta: { title: 'T' } },
  ],
])('%j registers what is in the bucket', async (input, body) => {
  expect(await askFor(ASSET, (api) => registerAsset(api, input))).toEqual(body);
});
