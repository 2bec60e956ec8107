import { AppError } from '@mediaflow/shared/errors';
import { type MediaLocation, parseMediaPath } from '@mediaflow/shared/keys';
import type { Session } from '@mediaflow/shared/session';
import { waitUntilOf } from '../context.ts';
import type { MediaStore } from '../media-store.ts';
import type { ServeMedia } from '../middleware/media-exchange.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import { allowsObject, locationOf } from '../playback/session-policy.ts';
import type { Ports } from '../ports.ts';
import { isClippable, sendClipped } from '../send-clipped.ts';
import { sendObject } from '../send-object.ts';
import type { ViewerPlaces } from '../viewer-places.ts';

/** `/s/{session}/{rendition}/(playlist.m3u8 | iframes.m3u8 | init.mp4 | N.m4s | N.vtt)` */
export function serveMedia(ports: Ports, store: MediaStore, places: ViewerPlaces): ServeMedia {
  return async (c) => {
    const { session: text = '', rendition, file } = c.req.param();
    const session = await ports.sessions.read(text, waitUntilOf(c));
    const location = locate(session, `${rendition}/${file}`);
    const { object } = location;
    const hasLeft = session && object.kind === 'segment' ? places.arrive(session.viewerId, object.renditionId, object.number) : undefined;
    const sent =
      session?.clip !== undefined && isClippable(object)
        ? await sendClipped(c, store, { ...location, object }, session.clip)
        : await sendObject(c, store, location, hasLeft);
    if (sent === undefined) throw absent();
    return sent;
  };
}

/**
 * The object a session and a path name. Pure. The session comes first, always: without one there is a single answer, whether the
 * object is in the cache, in the store, still to be made or nowhere.
 */
export function locate(session: Session | undefined, path: string): MediaLocation {
  if (session === undefined) throw new PlaybackRefusal('session_refused');
  const object = parseMediaPath(path);
  if (object === undefined || !('renditionId' in object)) throw absent();
  if (!allowsObject(session, object)) throw new PlaybackRefusal('session_refused');
  return locationOf(session, object);
}

const absent = (): AppError => new AppError('not_found', 'There is no such file in this video.');
