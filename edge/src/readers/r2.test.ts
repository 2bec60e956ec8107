import { env } from 'cloudflare:test';
import { AppError } from '@mediaflow/shared/errors';
import { expect, it } from 'vitest';
import { addFilm, createTestEdge, fill, openPlayback } from '../testing/edge.ts';
import { createR2Reader } from './r2.ts';

const bucket = (env as unknown as { TEST_MEDIA: R2Bucket }).TEST_MEDIA;

it('reads size, validator and bytes; absent is undefined', async () => {
  const reader = createR2Reader(bucket);
  const put = await bucket.put('media/x/1/v720/0.m4s', fill(5000, 3));
  expect(await reader.head('media/x/1/v720/0.m4s')).toEqual({ sizeBytes: 5000, etag: put?.httpEtag });
  const object = await reader.get('media/x/1/v720/0.m4s');
  expect(object).toMatchObject({ sizeBytes: 5000, etag: put?.httpEtag });
  expect(new Uint8Array(await new Response(object?.body).arrayBuffer())).toEqual(fill(5000, 3));
  expect(await reader.head('media/x/1/none')).toBeUndefined();
  expect(await reader.get('media/x/1/none')).toBeUndefined();
});

it('calls an outage an outage', async () => {
  const broken = { head: () => Promise.reject(new Error('R2 is away')), get: () => Promise.reject(new Error('R2 is away')) };
  const reader = createR2Reader(broken as unknown as R2Bucket);
  for (const read of [reader.head('x'), reader.get('x')]) {
    await expect(read).rejects.toMatchObject({ code: 'unavailable' } satisfies Partial<AppError>);
    await expect(read).rejects.toBeInstanceOf(AppError);
  }
});

it('plays a film from the bucket, the origin giving no bytes', async () => {
  const edge = await createTestEdge({ objects: createR2Reader(bucket) });
  const film = await addFilm(edge);
  for (const [key, bytes] of edge.origin.objects) await bucket.put(key, bytes);
  edge.origin.objects.clear();
  const session = await openPlayback(edge, film);
  const responses = [
    await edge.request(`${session}v720/0.m4s`),
    await edge.request(`${session}v720/0.m4s`, { headers: { range: 'bytes=10-19' } }),
  ];
  expect(responses.map((response) => response.headers.get('x-mediaflow-cache'))).toEqual(['miss', 'hit']);
  expect(new Uint8Array((await responses[1]?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(fill(3000, 2).slice(10, 20));
});
