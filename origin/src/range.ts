import type { ByteRange } from '@mediaflow/shared/object-store';

/** `whole` also stands for what RFC 9110 14.2 lets a server ignore: other units, bad syntax, several ranges. */
export type RangeRequest =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: Required<ByteRange> }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeRequest = { kind: 'whole' };
const UNSATISFIABLE: RangeRequest = { kind: 'unsatisfiable' };

/** Reads a `Range` header for an object of `sizeBytes`. */
export function parseRange(header: string | undefined, sizeBytes: number): RangeRequest {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return WHOLE;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? UNSATISFIABLE : { kind: 'part', range: { offset: sizeBytes - length, length } };
  }
  const offset = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < offset) return WHOLE;
  return offset >= sizeBytes ? UNSATISFIABLE : { kind: 'part', range: { offset, length: end - offset + 1 } };
}

export const stringifyContentRange = ({ offset, length }: Required<ByteRange>, sizeBytes: number): string =>
  `bytes ${offset}-${offset + length - 1}/${sizeBytes}`;
