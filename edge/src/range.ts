/** Bytes `first` to `last`, both included, as in `Content-Range`. */
export interface ResolvedRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A `Range` header against an object of `sizeBytes` (RFC 9110, 14.1.2). Undefined means: answer with the whole object, which
 * is right for other units, for several ranges (14.2 allows it, and nobody who plays video asks for them) and for nonsense.
 */
export function resolveRange(header: string | undefined, sizeBytes: number): ResolvedRange | 'unsatisfiable' | undefined {
  const groups = /^bytes=(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))$/i.exec(header?.trim() ?? '')?.groups;
  if (groups === undefined) return undefined;
  const end = sizeBytes - 1;
  if (groups.suffix !== undefined) {
    const length = Number(groups.suffix);
    return length === 0 || sizeBytes === 0 ? 'unsatisfiable' : { first: Math.max(0, sizeBytes - length), last: end };
  }
  const first = Number(groups.first);
  const last = groups.last ? Number(groups.last) : end;
  if (last < first && groups.last) return undefined;
  return first > end ? 'unsatisfiable' : { first, last: Math.min(last, end) };
}

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
