import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { ApiClient, RequestOptions } from './api-client.ts';
import { createUpload, type NewUpload } from './assets.ts';

const ANSWER = { id: '0'.repeat(32), url: 'http://upload.test/files/x', timeout: 86_400, status: 'waiting' };

/** What an installation is asked for. */
async function askFor(upload: NewUpload): Promise<unknown> {
  const asked: (RequestOptions | undefined)[] = [];
  const api: ApiClient = {
    async request<T>(_: string, schema: z.ZodType<T>, options?: RequestOptions) {
      asked.push(options);
      return schema.parse(ANSWER);
    },
    send: () => Promise.reject(new Error('not expected')),
  };
  await createUpload(api, upload);
  return asked[0]?.body;
}

test.each<[NewUpload, object]>([
  [{ policy: 'signed' }, { playback_policies: ['signed'] }],
  [
    { policy: 'public', title: 'T', quality: 'premium' },
    { playback_policies: ['public'], meta: { title: 'T' }, video_quality: 'premium' },
  ],
])('an upload of %j asks for no more than was said', async (upload, new_asset_settings) => {
  expect(await askFor(upload)).toEqual({ new_asset_settings, timeout: 86_400 });
});
