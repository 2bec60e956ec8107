import { env } from 'cloudflare:test';
import { expect, it, vi } from 'vitest';
import { addFilm, createTestEdge, fill, openPlayback } from '../testing/edge.ts';
import { describeObjectReader } from '../testing/object-reader-contract.ts';
import { createR2Reader } from './r2.ts';

const bucket = (env as unknown as { TEST_MEDIA: R2Bucket }).TEST_MEDIA;
const FAST = { baseMs: 1 };

describeObjectReader('an R2 bucket', async () => {
  let isBroken = false;
  const prefix = `${crypto.randomUUID()}/`;
  const ask = <T>(question: () => Promise<T>): Promise<T> => (isBroken ? Promise.reject(new Error('We are away (10001)')) : question());
  const reader = createR2Reader(
    {
      head: (key: string) => ask(() => bucket.head(prefix + key)),
      get: (key: string, options?: R2GetOptions) => ask(() => bucket.get(prefix + key, options)),
    } as R2Bucket,
    FAST,
  );
  return {
    reader,
    put: (key, bytes) => bucket.put(prefix + key, bytes),
    breakDown: () => {
      isBroken = true;
    },
  };
});

it.each([
  ['head: We encountered an internal error. Please try again. (10001)', 3],
  ['get: Service unavailable (10043)', 3],
  ['get: Reduce your concurrent request rate for the same object. (10058)', 3],
  ['Network connection lost.', 3],
  ['get: The requested range is not satisfiable (10039)', 1],
  ['get: The specified bucket does not exist. (10006)', 1],
])('asks again when it may help: %s', async (message, attempts) => {
  const get = vi.fn().mockRejectedValue(new Error(message));
  await expect(createR2Reader({ head: get, get }, FAST).get('x')).rejects.toMatchObject({ code: 'unavailable', cause: expect.any(Error) });
  expect(get).toHaveBeenCalledTimes(attempts);
});

it('gives what the second attempt gives', async () => {
  await bucket.put('second', fill(10, 1));
  const get = vi.fn().mockRejectedValueOnce(new Error('Network connection lost.'));
  get.mockImplementation((key: string) => bucket.get(key));
  expect(await createR2Reader({ head: get, get }, FAST).get('second')).toMatchObject({ sizeBytes: 10 });
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
