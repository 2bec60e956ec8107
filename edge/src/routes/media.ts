import { AppError } from '@mediaflow/shared/errors';
import { type MediaLocation, mediaKey, parseMediaPath } from '@mediaflow/shared/keys';
import { type Session, verifySession } from '@mediaflow/shared/session';
import { type Context, Hono } from 'hono';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { MediaStore } from '../media-store.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import { allowsRendition } from '../playback/session-policy.ts';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { sendObject } from '../send-object.ts';

const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** `/s/{session}/{rendition}/(playlist.m3u8 | init.mp4 | N.m4s)` */
export function mediaRoutes(ports: Ports, store: MediaStore): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  routes.get('/:session/:rendition/:file', async (c) => {
    const { session: text, rendition, file } = c.req.param();
    const session = await verifySession(ports.keys.session, text, nowSeconds(ports.clock));
    const location = locate(session, `${rendition}/${file}`);
    const sent = await sendObject(c, store, location);
    return sent ?? explainAbsence(c, ports, store, location);
  });
  return routes;
}

/**
 * The object a session and a path name. Pure. The session comes first, always: without one there is a single answer, whether the
 * object is in the cache, in the store, still to be made or nowhere.
 */
export function locate(session: Session | undefined, path: string): MediaLocation {
  if (session === undefined) throw new PlaybackRefusal('session_refused');
  const object = parseMediaPath(path);
  if (object === undefined || !('renditionId' in object)) throw absent();
  if (!allowsRendition(session, object.renditionId)) throw new PlaybackRefusal('session_refused');
  return { assetId: session.assetId, version: session.version, object };
}

/** Not stored: still being made, just made, or not part of the film. Only the origin knows the timeline. */
async function explainAbsence(c: Context<EdgeEnv>, ports: Ports, store: MediaStore, location: MediaLocation): Promise<Response> {
  const answer = await askOrigin(ports, location, waitUntilOf(c));
  if (answer.state === 'unknown') throw absent();
  const sent = answer.state === 'stored' ? await sendObject(c, store, location) : undefined;
  if (sent !== undefined) return sent;
  throw new AppError('segment_pending', 'This part of the video is still being made.', {
    retryAfterSeconds: answer.retry_after_seconds ?? DEFAULT_RETRY_AFTER_SECONDS,
  });
}

const askOrigin = async ({ lookups }: Ports, location: MediaLocation, waitUntil: WaitUntil) =>
  (await lookups.segmentState(mediaKey(location), waitUntil)) ?? { state: 'unknown' as const };

const absent = (): AppError => new AppError('not_found', 'There is no such file in this video.');
