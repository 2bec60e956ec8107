import { type MediaLocation, mediaKey, parseMediaPath } from '@mediaflow/shared/keys';
import type { MediaRead } from './media-store.ts';
import { chooseRequestId, REQUEST_ID_HEADER } from './middleware/request-id.ts';
import { addServerTiming } from './middleware/server-timing.ts';
import { allowsObject, locationOf } from './playback/session-policy.ts';
import type { CachedObject, Ports } from './ports.ts';
import { describeObject, labelOf, stringifyTiming } from './send-object.ts';
import type { ViewerPlaces } from './viewer-places.ts';

/** As long as the pathological are refused elsewhere. */
const MAX_URL_LENGTH = 5_000;
/** Session, and the path below it; whatever has a sign in it that is not ours is for the app to refuse. A query changes nothing (CMCD). */
const KEPT_URL = /^[^/]*\/\/[^/]*\/s\/([\w-]+)\/([\w-]+\/[\w.]+)(?:\?|$)/;

/** Undefined when, or comes to undefined if, the app is to answer. */
export type ServeKept = (request: Request) => Promise<Response | undefined> | undefined;

/**
 * What nearly all requests are, and nothing else: a `GET` for a whole object that is in the cache, by a viewer whose session was verified
 * here before. Answers as the app does, byte for byte, and says nothing of any other request. Hono, its context and the awaiting from layer
 * to layer are an eighth of the CPU that such a request takes (docs/adr/0017-what-a-cached-segment-may-cost.md).
 */
export function createKeptMedia({ cache, clock, sessions }: Ports, places: ViewerPlaces): ServeKept {
  const respond = (kept: CachedObject, location: MediaLocation, asked: Headers, startMs: number): Response => {
    const info: MediaRead = { ...kept, outcome: 'hit' };
    const response = describeObject(labelOf(location), { status: 200 }, info, kept.body);
    const { headers } = response;
    headers.set(REQUEST_ID_HEADER, chooseRequestId(asked.get(REQUEST_ID_HEADER) ?? undefined));
    addServerTiming(stringifyTiming(info), headers, clock.nowMs() - startMs);
    return response;
  };
  return (request) => {
    const { url } = request;
    if (request.method !== 'GET' || url.length > MAX_URL_LENGTH) return undefined;
    const [, text = '', path = ''] = KEPT_URL.exec(url) ?? [];
    const session = sessions.recall(text);
    // A clip's playlists and texts are cut.
    if (session === undefined || session.clip !== undefined) return undefined;
    const object = parseMediaPath(path);
    if (object === undefined || !allowsObject(session, object)) return undefined;
    const { headers } = request;
    // A part is wanted, or nothing that has not changed.
    if (headers.has('range') || headers.has('if-none-match')) return undefined;
    if (object.kind === 'segment') places.pass(session.viewerId, object.renditionId, object.number);
    const location = locationOf(session, object);
    const startMs = clock.nowMs();
    return cache.match(mediaKey(location)).then((kept) => kept && respond(kept, location, headers, startMs));
  };
}
