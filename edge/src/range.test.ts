import { describe, expect, it } from 'vitest';
import { sliceBody } from './range.ts';
import { fill } from './testing/edge.ts';

describe('sliceBody', () => {
  const bytes = fill(100, 0);
  const chunked = (size: number): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
        controller.close();
      },
    });

  it.each([1, 7, 50, 100])('cuts the same bytes out of chunks of %i', async (size) => {
    for (const [first, last] of [
      [0, 0],
      [0, 99],
      [6, 7],
      [49, 50],
      [99, 99],
      [13, 88],
    ] as const) {
      const sliced = new Uint8Array(await new Response(sliceBody(chunked(size), { first, last })).arrayBuffer());
      expect(sliced).toEqual(bytes.slice(first, last + 1));
    }
  });
});
