import type { ResolvedRange } from '@mediaflow/shared/byte-range';

export const stringifyRange = ({ first, last }: ResolvedRange): string => `bytes=${first}-${last}`;

/** Bytes of the object that a 206 brings exactly `range` of; undefined for any other answer. */
export function sizeOfWhole({ status, headers }: Response, { first, last }: ResolvedRange): number | undefined {
  const size = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers.get('content-range') ?? '');
  return status === 206 && Number(size?.[1]) === first && Number(size?.[2]) === last ? Number(size?.[3]) : undefined;
}

/** The bytes of `range` out of a whole body; stops reading after the last of them. */
export function sliceBody(body: ReadableStream<Uint8Array>, { first, last }: ResolvedRange): ReadableStream<Uint8Array> {
  let position = 0;
  const slicer = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const from = Math.max(0, first - position);
      const to = Math.min(chunk.length, last + 1 - position);
      position += chunk.length;
      if (from < to) controller.enqueue(chunk.subarray(from, to));
      if (position > last) controller.terminate();
    },
  });
  return body.pipeThrough(slicer);
}
