import { type MediaLocation, mediaKey, parseMediaPath } from '@mediaflow/shared/keys';
import { setBounded } from './bounded-map.ts';
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

/** Some hundred bytes each. */
const MAX_REMEMBERED = 2_000;
const HIT_TIMING = stringifyTiming({ outcome: 'hit' });

/** Undefined when, or comes to undefined if, the app is to answer. */
export type ServeKept = (request: Request) => Promise<Response | undefined> | undefined;

/**
 * What nearly all requests are, and nothing else: a `GET` for a whole object that is in the cache, by a viewer whose session was verified
 * here before. Answers as the app does, byte for byte, and says nothing of any other request. Hono, its context and the awaiting from layer
 * to layer are a tenth of the CPU that such a request takes (docs/adr/0017-what-a-cached-segment-may-cost.md).
 */
export function createKeptMedia({ cache, clock, sessions }: Ports, places: ViewerPlaces): ServeKept {
  const headersOf = rememberHeaders();
  const respond = (key: string, location: MediaLocation, kept: CachedObject, asked: Headers, startMs: number): Response => {
    // Where the cache keeps headers a response copies what it is given; that of Node's server would share it with all others.
    const response =
      kept.headers === undefined
        ? describeObject(labelOf(location), { status: 200 }, { ...kept, outcome: 'hit' }, kept.body)
        : new Response(kept.body, { headers: headersOf(key, location, kept) });
    const { headers } = response;
    headers.set(REQUEST_ID_HEADER, chooseRequestId(asked.get(REQUEST_ID_HEADER) ?? undefined));
    addServerTiming(HIT_TIMING, headers, clock.nowMs() - startMs);
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
    // A part is wanted, or nothing that has changed or has not.
    if (headers.has('range') || headers.has('if-none-match') || headers.has('if-match')) return undefined;
    if (object.kind === 'segment') places.pass(session.viewerId, object.renditionId, object.number);
    const location = locationOf(session, object);
    const key = mediaKey(location);
    const startMs = clock.nowMs();
    return cache.match(key).then((kept) => kept && respond(key, location, kept, headers, startMs));
  };
}

/**
 * The headers of the last answers with whole objects, to be copied, which costs less than to set four of them and take three out. They
 * are an object's as long as it has the size and the validator that they state.
 */
function rememberHeaders(): (key: string, location: MediaLocation, kept: CachedObject) => Headers {
  const remembered = new Map<string, { readonly sizeBytes: number; readonly etag: string; readonly headers: Headers }>();
  return (key, location, { sizeBytes, etag }) => {
    const known = remembered.get(key);
    if (known !== undefined && known.sizeBytes === sizeBytes && known.etag === etag) return known.headers;
    const { headers } = describeObject(labelOf(location), { status: 200 }, { sizeBytes, etag, outcome: 'hit' }, null);
    setBounded(remembered, key, { sizeBytes, etag, headers }, MAX_REMEMBERED);
    return headers;
  };
}
