import { AppError } from '@mediaflow/shared/errors';
import type { ByteRange } from '@mediaflow/shared/object-store';

/** The part of an object of `sizeBytes` that `range` names, cut to the object. Throws `range_not_satisfiable` past its end. */
export function resolveRange(range: ByteRange | undefined, sizeBytes: number): { offset: number; length: number } {
  if (range === undefined) return { offset: 0, length: sizeBytes };
  const { offset, length = sizeBytes } = assertByteRange(range);
  if (offset >= sizeBytes) throw rangeNotSatisfiable();
  return { offset, length: Math.min(length, sizeBytes - offset) };
}

/** `bytes=0-99` (RFC 9110, 14.1.2). */
export function stringifyRange(range: ByteRange): string {
  const { offset, length } = assertByteRange(range);
  return length === undefined ? `bytes=${offset}-` : `bytes=${offset}-${offset + length - 1}`;
}

/** Size of the whole object from `bytes 0-99/1234` (RFC 9110, 14.4); undefined without one. */
export function parseContentRange(header: string | undefined): { offset: number; sizeBytes: number } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(header ?? '');
  return match === null ? undefined : { offset: Number(match[1]), sizeBytes: Number(match[2]) };
}

export function rangeNotSatisfiable(cause?: unknown): AppError {
  return new AppError('range_not_satisfiable', 'The range begins after the end of the object.', { cause });
}

/** An empty range cannot be said in HTTP, where a server that is asked for one sends the whole object. */
function assertByteRange(range: ByteRange): ByteRange {
  const { offset, length = 1 } = range;
  if (Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length > 0) return range;
  throw new TypeError(`not a byte range: ${JSON.stringify(range)}`);
}
