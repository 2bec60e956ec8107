import { AppError } from '@mediaflow/shared/errors';
import { type MediaLocation, mediaContentType } from '@mediaflow/shared/keys';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Context } from 'hono';
import { CACHE_CONTROL } from './cache.ts';
import { type EdgeEnv, waitUntilOf } from './context.ts';
import type { MediaInfo, MediaStore, PlacedStore } from './media-store.ts';
import { PLAYBACK_CORS } from './middleware/playback-cors.ts';
import { discardBody, fixLength } from './object-body.ts';
import { decideObject, describeObject, type ObjectDecision, objectBody } from './object-response.ts';
import type { ObjectBody, ReadableObject } from './ports.ts';
import type { ResolvedRange } from './range.ts';
import type { HasLeft } from './viewer-places.ts';

export const CACHE_HEADER = 'x-mediaflow-cache';

/** The same on all of them, hence made once. */
const OBJECT_HEADERS = new Headers({ ...PLAYBACK_CORS, 'accept-ranges': 'bytes' });

/** How an answer describes the object to the outside. */
export interface ObjectLabel {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** A stored object as the request asks for it: whole, in part, or only its headers. Undefined when it is not stored. */
export function sendObject(
  c: Context<EdgeEnv>,
  store: MediaStore,
  location: MediaLocation,
  hasLeft?: HasLeft,
): Promise<Response | undefined> {
  const { object } = location;
  return sendPlaced(c, store, location, { contentType: mediaContentType(object), cacheControl: CACHE_CONTROL[object.kind] }, hasLeft);
}

export async function sendPlaced<Place>(
  c: Context<EdgeEnv>,
  store: PlacedStore<Place>,
  place: Place,
  label: ObjectLabel,
  hasLeft: HasLeft = () => false,
): Promise<Response | undefined> {
  const conditions = {
    range: c.req.header('range'),
    ifRange: c.req.header('if-range'),
    ifNoneMatch: c.req.header('if-none-match'),
  };
  if (c.req.method === 'HEAD') {
    const info = await store.inspect(place);
    // Range is defined for GET only (RFC 9110, 14.2).
    return info && respond(label, decideObject({ ...conditions, range: undefined }, info), info, null);
  }
  const object = await store.read(place, waitUntilOf(c), () => c.req.raw.signal.aborted || hasLeft());
  if (object === undefined) return undefined;
  const decision = decideObject(conditions, object);
  const body = objectBody(decision, object);
  if (body === null) await discardBody(object.body);
  return respond(label, decision, object, body);
}

/**
 * A part of an object that is too large to be kept, read from the store as a part. Undefined when it is no longer stored.
 * @param read exactly those bytes
 */
export async function sendPart(
  c: Context<EdgeEnv>,
  info: ObjectInfo,
  label: ObjectLabel,
  read: (range: ResolvedRange) => Promise<ReadableObject | undefined>,
): Promise<Response | undefined> {
  const conditions = { range: c.req.header('range'), ifRange: c.req.header('if-range'), ifNoneMatch: c.req.header('if-none-match') };
  const decision = decideObject(conditions, info);
  const range = decision.status === 200 ? { first: 0, last: info.sizeBytes - 1 } : decision.status === 206 ? decision.range : undefined;
  if (range === undefined) return respond(label, decision, { ...info, outcome: 'miss' }, null);
  const part = await read(range);
  if (part === undefined) return undefined;
  const { body } = part;
  if (part.etag !== info.etag) {
    await discardBody(body);
    throw new AppError('unavailable', 'The file is just being replaced; try again.', { retryAfterSeconds: 1 });
  }
  const fixed = body instanceof Uint8Array ? body : fixLength(body, range.last - range.first + 1);
  return respond(label, decision, { ...part, outcome: 'miss' }, fixed);
}

function respond({ contentType, cacheControl }: ObjectLabel, decision: ObjectDecision, info: MediaInfo, body: ObjectBody | null): Response {
  // A copy of our own: the Node server's `Response` keeps the very headers it is given, and one answer's would be all answers'.
  const headers = new Headers(OBJECT_HEADERS);
  describeObject(headers, decision, info);
  headers.set('cache-control', decision.status === 416 ? CACHE_CONTROL.absent : cacheControl);
  if (decision.status !== 416) headers.set('content-type', contentType);
  headers.set(CACHE_HEADER, info.outcome);
  headers.set('server-timing', stringifyTiming(info));
  return new Response(body, { status: decision.status, headers });
}

/** Of a `Server-Timing`: how the cache answered, and which store gave what it did not have. */
const stringifyTiming = ({ outcome, reader }: MediaInfo): string =>
  `cache;desc="${outcome}"${reader === undefined ? '' : `, reader;desc="${reader}"`}`;
