import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../cli/src/services/free-port.ts';
import { signedUrl, waitForEnd } from './api.ts';
import { countDecodedFrames, makeClip } from './clips.ts';
import { type Platform, startPlatform } from './platform.ts';
import { startS3Server } from './services/s3-server.ts';
import { readVariants } from './strict-hls.ts';

/** The same platform with its objects on a real S3 server, by environment variables alone. */
let server: Awaited<ReturnType<typeof startS3Server>>;
let platform: Platform;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-s3-'));
  server = await startS3Server({ dataDir: folder, port: await findFreePort(), buckets: ['mediaflow'] });
  platform = await startPlatform({
    STORE: 's3',
    S3_BUCKET: 'mediaflow',
    S3_ENDPOINT: server.access.endpoint,
    S3_REGION: server.access.region,
    S3_ACCESS_KEY_ID: server.access.accessKeyId,
    S3_SECRET_ACCESS_KEY: server.access.secretAccessKey,
  });
});

afterAll(async () => {
  await platform?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('with STORE=s3', () => {
  it('an upload of several parts becomes ready, and is played from the store', async () => {
    // More than two of the store's parts, so that the upload is a multipart one with a remainder.
    const clip = await makeClip(join(folder, 'clip.mp4'), { seconds: 8, bitrate: '20M' });
    const answer = JSON.parse(await platform.mediaflow('upload', clip, '--json', '--data', platform.dataDir)) as { id: string };
    const asset = await waitForEnd(platform, answer.id);
    expect(asset.status).toBe('ready');
    expect(Number(asset.source?.size)).toBeGreaterThan(16 * 1024 * 1024);
    for (const { url } of await readVariants(await signedUrl(platform, asset))) expect(await countDecodedFrames(url)).toBe(200);
  });
});
