import { type ResolvedRange, resolveRange, stringifyContentRange } from '@mediaflow/shared/byte-range';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { PLAYBACK_CORS } from './middleware/playback-cors.ts';
import { fixLength } from './object-body.ts';
import type { ObjectBody, ReadableObject } from './ports.ts';
import { sliceBody } from './range.ts';

export const CACHE_HEADER = 'x-mediaflow-cache';

export interface ConditionalRequest {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export type ObjectDecision =
  | { readonly status: 200 }
  | { readonly status: 206; readonly range: ResolvedRange }
  | { readonly status: 304 }
  | { readonly status: 412 }
  | { readonly status: 416 };

/** What to answer about a stored object; pure (RFC 9110, 13.2.2: conditions before ranges). */
export function decideObject(
  { range, ifRange, ifMatch, ifNoneMatch }: ConditionalRequest,
  { sizeBytes, etag }: ObjectInfo,
): ObjectDecision {
  if (ifMatch !== undefined && !isSameAs(ifMatch, etag)) return { status: 412 };
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) return { status: 304 };
  // If-Range compares strongly (13.1.5): a weak or a date validator never lets two versions of a file be glued together.
  if (ifRange !== undefined && (ifRange !== etag || isWeak(etag))) return { status: 200 };
  const resolved = resolveRange(range, sizeBytes);
  if (resolved === undefined) return { status: 200 };
  return resolved === 'unsatisfiable' ? { status: 416 } : { status: 206, range: resolved };
}

const isWeak = (etag: string): boolean => etag.startsWith('W/');

/** If-Match compares strongly (13.1.1): a tag that is weak on either side is the same as none. */
const isSameAs = (header: string, etag: string): boolean =>
  header.trim() === '*' || (!isWeak(etag) && header.split(',').some((tag) => tag.trim() === etag));

/** If-None-Match compares weakly (13.1.2). */
function matchesEtag(header: string, etag: string): boolean {
  const strip = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => strip(tag) === strip(etag));
}

/** What the answer says of the object, whoever asks. The cache keeps those of a 200 with the object (`cache-api.ts`). */
export function objectHeaders(decision: ObjectDecision, contentType: string, { sizeBytes, etag }: ObjectInfo): Record<string, string> {
  const always = { ...PLAYBACK_CORS, 'accept-ranges': 'bytes', etag };
  const typed = { ...always, 'content-type': contentType };
  switch (decision.status) {
    case 200:
      return { ...typed, 'content-length': String(sizeBytes) };
    case 206: {
      const { first, last } = decision.range;
      return { ...typed, 'content-length': String(last - first + 1), 'content-range': stringifyContentRange(decision.range, sizeBytes) };
    }
    case 304:
      return typed;
    case 412:
      return always;
    case 416:
      return { ...always, 'content-range': `bytes */${sizeBytes}` };
  }
}

/** The part of the body that goes with the decision. */
export function objectBody(decision: ObjectDecision, { body }: ReadableObject): ObjectBody | null {
  if (decision.status === 200) return body;
  if (decision.status !== 206) return null;
  const { first, last } = decision.range;
  return body instanceof Uint8Array ? body.subarray(first, last + 1) : fixLength(sliceBody(body, decision.range), last - first + 1);
}
