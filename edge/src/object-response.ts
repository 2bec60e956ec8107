import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { fixLength } from './object-body.ts';
import type { ObjectBody, ReadableObject } from './ports.ts';
import { type ResolvedRange, resolveRange, sliceBody } from './range.ts';

export interface ConditionalRequest {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export type ObjectDecision =
  | { readonly status: 200 }
  | { readonly status: 206; readonly range: ResolvedRange }
  | { readonly status: 304 }
  | { readonly status: 416 };

/** What to answer about a stored object; pure (RFC 9110, 13.2.2: conditions before ranges). */
export function decideObject({ range, ifRange, ifNoneMatch }: ConditionalRequest, { sizeBytes, etag }: ObjectInfo): ObjectDecision {
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) return { status: 304 };
  // If-Range compares strongly (13.1.5): a weak or a date validator never lets two versions of a file be glued together.
  if (ifRange !== undefined && (ifRange !== etag || etag.startsWith('W/'))) return { status: 200 };
  const resolved = resolveRange(range, sizeBytes);
  if (resolved === undefined) return { status: 200 };
  return resolved === 'unsatisfiable' ? { status: 416 } : { status: 206, range: resolved };
}

/** If-None-Match compares weakly (13.1.2). */
function matchesEtag(header: string, etag: string): boolean {
  const strip = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => strip(tag) === strip(etag));
}

/** Adds the headers that say how much of which object this is. */
export function describeObject(headers: Headers, decision: ObjectDecision, { sizeBytes, etag }: ObjectInfo): void {
  headers.set('etag', etag);
  if (decision.status === 200) headers.set('content-length', String(sizeBytes));
  if (decision.status === 206) {
    const { first, last } = decision.range;
    headers.set('content-range', `bytes ${first}-${last}/${sizeBytes}`);
    headers.set('content-length', String(last - first + 1));
  }
  if (decision.status === 416) headers.set('content-range', `bytes */${sizeBytes}`);
}

/** The body that goes with the decision. Fixed in length, so that a store that breaks off midway breaks the response too. */
export function objectBody(decision: ObjectDecision, { body, sizeBytes }: ReadableObject): ObjectBody | null {
  if (decision.status === 200) return body instanceof Uint8Array ? body : fixLength(body, sizeBytes);
  if (decision.status !== 206) return null;
  const { first, last } = decision.range;
  return body instanceof Uint8Array ? body.subarray(first, last + 1) : fixLength(sliceBody(body, decision.range), last - first + 1);
}
