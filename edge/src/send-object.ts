import type { ResolvedRange } from '@mediaflow/shared/byte-range';
import { AppError } from '@mediaflow/shared/errors';
import { type MediaLocation, mediaContentType } from '@mediaflow/shared/keys';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Context } from 'hono';
import { CACHE_CONTROL } from './cache.ts';
import { type EdgeEnv, waitUntilOf } from './context.ts';
import type { MediaInfo, MediaRead, MediaStore, PlacedStore } from './media-store.ts';
import { discardBody, exactBody } from './object-body.ts';
import { CACHE_HEADER, type ConditionalRequest, decideObject, type ObjectDecision, objectBody, objectHeaders } from './object-response.ts';
import type { ObjectBody, ReadableObject } from './ports.ts';
import type { HasLeft } from './viewer-places.ts';

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
  return sendPlaced(c, store, location, labelOf(location), hasLeft);
}

export const labelOf = ({ object }: MediaLocation): ObjectLabel => ({
  contentType: mediaContentType(object),
  cacheControl: CACHE_CONTROL[object.kind],
});

export async function sendPlaced<Place>(
  c: Context<EdgeEnv>,
  store: PlacedStore<Place>,
  place: Place,
  label: ObjectLabel,
  hasLeft: HasLeft = () => false,
): Promise<Response | undefined> {
  const conditions = conditionsOf(c);
  if (c.req.method === 'HEAD') {
    const info = await store.inspect(place);
    // Range is defined for GET only (RFC 9110, 14.2).
    return info && respond(c, label, decideObject({ ...conditions, range: undefined }, info), info, null);
  }
  const object = await store.read(place, waitUntilOf(c), () => c.req.raw.signal.aborted || hasLeft());
  if (object === undefined) return undefined;
  const decision = decideObject(conditions, object);
  const body = objectBody(decision, object);
  if (body === null) await discardBody(object.body);
  return respond(c, label, decision, object, body);
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
  const conditions = conditionsOf(c);
  const decision = decideObject(conditions, info);
  const range = decision.status === 200 ? { first: 0, last: info.sizeBytes - 1 } : decision.status === 206 ? decision.range : undefined;
  if (range === undefined) return respond(c, label, decision, { ...info, outcome: 'miss' }, null);
  const part = await read(range);
  if (part === undefined) return undefined;
  if (part.etag !== info.etag) {
    await discardBody(part.body);
    throw new AppError('unavailable', 'The file is just being replaced; try again.', { retryAfterSeconds: 1 });
  }
  return respond(c, label, decision, { ...part, outcome: 'miss' }, exactBody(part.body, range.last - range.first + 1));
}

/** What a data centre's cache adds of its own: a browser would take it for the age of its copy, an operator for a cache in front of the edge. */
const OF_THE_CACHE = ['age', 'cf-cache-status', 'date'];

function conditionsOf({ req }: Context<EdgeEnv>): ConditionalRequest {
  const range = req.header('range');
  return {
    range,
    ifRange: range && req.header('if-range'),
    ifMatch: req.header('if-match'),
    ifNoneMatch: req.header('if-none-match'),
  };
}

function respond(c: Context<EdgeEnv>, ...[label, decision, info, body]: Parameters<typeof describeObject>): Response {
  c.set('cacheTiming', stringifyTiming(info));
  return describeObject(label, decision, info, body);
}

/** What was decided about an object as an answer, but for what is the request's own. */
export function describeObject(
  { contentType, cacheControl }: ObjectLabel,
  decision: ObjectDecision,
  info: MediaInfo & Pick<MediaRead, 'headers'>,
  body: ObjectBody | null,
): Response {
  const { status } = decision;
  // Ready ones are taken as they are: each that is set costs a hundredth of all that is done for a small object.
  if (status === 200 && info.headers !== undefined) {
    const response = new Response(body, { headers: info.headers });
    const { headers } = response;
    headers.set('cache-control', cacheControl);
    if (info.outcome !== 'hit') headers.set(CACHE_HEADER, info.outcome);
    for (const name of OF_THE_CACHE) headers.delete(name);
    return response;
  }
  const own = { 'cache-control': status >= 400 ? CACHE_CONTROL.absent : cacheControl, [CACHE_HEADER]: info.outcome };
  return new Response(body, { status, headers: { ...objectHeaders(decision, contentType, info), ...own } });
}

/** Of a `Server-Timing`: how the cache answered, and which store gave what it did not have. */
export const stringifyTiming = ({ outcome, reader }: Pick<MediaInfo, 'outcome' | 'reader'>): string =>
  `cache;desc="${outcome}"${reader === undefined ? '' : `, reader;desc="${reader}"`}`;
