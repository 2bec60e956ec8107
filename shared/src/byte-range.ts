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

/** `Content-Range` of a 206 (RFC 9110, 14.4). */
export const stringifyContentRange = ({ first, last }: ResolvedRange, sizeBytes: number): string => `bytes ${first}-${last}/${sizeBytes}`;
