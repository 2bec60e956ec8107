import { describe, expect, it } from 'vitest';
import { resolveRange, sliceBody } from './range.ts';
import { fill } from './testing/edge.ts';

describe('resolveRange', () => {
  it.each<[string | undefined, number, ReturnType<typeof resolveRange>]>([
    ['bytes=0-0', 10, { first: 0, last: 0 }],
    ['bytes=0-9', 10, { first: 0, last: 9 }],
    ['bytes=3-5', 10, { first: 3, last: 5 }],
    ['bytes=3-', 10, { first: 3, last: 9 }],
    ['bytes=3-999', 10, { first: 3, last: 9 }],
    ['bytes=3-9223372036854775807', 10, { first: 3, last: 9 }],
    ['bytes=-4', 10, { first: 6, last: 9 }],
    ['bytes=-999', 10, { first: 0, last: 9 }],
    [`bytes=-${'9'.repeat(400)}`, 10, { first: 0, last: 9 }],
    ['BYTES=1-2', 10, { first: 1, last: 2 }],
    [' bytes=1-2 ', 10, { first: 1, last: 2 }],
    ['bytes=9-9', 10, { first: 9, last: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=10-12', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=9999999999999999-', 10, 'unsatisfiable'],
    [`bytes=${'9'.repeat(10_000)}-`, 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'unsatisfiable'],
    // Answered with the whole object:
    [undefined, 10, undefined],
    ['', 10, undefined],
    ['bytes=5-3', 10, undefined],
    ['bytes=0-1,4-5', 10, undefined],
    ['bytes=-', 10, undefined],
    ['bytes=a-b', 10, undefined],
    ['bytes=1.5-2', 10, undefined],
    ['bytes=0x1-2', 10, undefined],
    ['bytes=-5-6', 10, undefined],
    ['items=0-1', 10, undefined],
    [`bytes=${'9'.repeat(10_000)}`, 10, undefined],
  ])('%s of %i', (header, sizeBytes, expected) => {
    expect(resolveRange(header, sizeBytes)).toEqual(expected);
  });
});

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
