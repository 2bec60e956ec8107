import { AppError } from '@mediaflow/shared/errors';
import { externalContentType } from '@mediaflow/shared/external/content-type';
import { rewritePlaylist, toRelative } from '@mediaflow/shared/external/read-playlist';
import type { Session } from '@mediaflow/shared/session';
import { type Context, Hono } from 'hono';
import { CACHE_CONTROL } from '../cache.ts';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { ObjectPlace, PlacedStore } from '../media-store.ts';
import { CACHE_HEADER } from '../object-response.ts';
import { PlaybackRefusal } from '../playback/refusal.ts';
import type { Ports, WaitUntil } from '../ports.ts';
import { sendPart, sendPlaced } from '../send-object.ts';
import { decideExternal } from './decide-external.ts';
import { type ExternalVersion, objectPlace, playlistPlace } from './external-version.ts';
import { createFindLarge } from './large-files.ts';
import type { PlaylistLibrary } from './playlist-library.ts';

/** `/s/{session}/x/{playlist}/{path}`: playlists and media that a customer put into the bucket. */
export function externalRoutes(ports: Ports, store: PlacedStore<ObjectPlace>, library: PlaylistLibrary): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  const findLarge = createFindLarge(store);

  routes.get('/:session/x/:playlist/:path{.+}', async (c) => {
    const { session: text, playlist, path } = c.req.param();
    const waitUntil = waitUntilOf(c);
    const session = await ports.sessions.read(text, waitUntil);
    if (session === undefined) throw new PlaybackRefusal('session_refused');
    const version = await findVersion(ports, session, waitUntil);
    const index = await library.manifest(version, waitUntil);
    if (index === undefined) throw absent();
    const decision = decideExternal(index, session, playlist, path);
    switch (decision.kind) {
      case 'refused':
        throw new PlaybackRefusal('session_refused');
      case 'absent':
        throw absent();
      case 'playlist':
        return sendPlaylist(c, version, decision.path);
      case 'file':
        if (decision.of !== undefined && !(await library.files(version, decision.of, waitUntil))?.has(path)) throw absent();
        return sendFile(c, version, path);
    }
  });

  const sendPlaylist = async (c: Context<EdgeEnv>, version: ExternalVersion, path: string): Promise<Response> => {
    const stored = await library.read(version, path, waitUntilOf(c));
    if (stored === undefined) throw absent();
    const place = playlistPlace(version, path);
    c.header('content-type', externalContentType('.m3u8'));
    c.header('cache-control', CACHE_CONTROL.playlist);
    c.header(CACHE_HEADER, stored.outcome);
    return c.body(rewritePlaylist(stored.text, place, toRelative(place)));
  };

  const sendFile = async (c: Context<EdgeEnv>, version: ExternalVersion, path: string): Promise<Response> => {
    const label = { contentType: externalContentType(path), cacheControl: CACHE_CONTROL.segment };
    const place = objectPlace(version, path);
    const isPart = c.req.method === 'GET' && c.req.header('range') !== undefined;
    const large = isPart ? await findLarge(place) : undefined;
    const sent =
      large === undefined
        ? await sendPlaced(c, store, place, label)
        : await sendPart(c, large, label, (range) => ports.objects.get(place.key, range));
    if (sent === undefined) throw absent();
    return sent;
  };
  return routes;
}

/** Where the files of the session's asset lie, which no session says. As remembered as the playback id's other properties. */
async function findVersion({ lookups }: Ports, { assetId, version, playbackId }: Session, waitUntil: WaitUntil): Promise<ExternalVersion> {
  const playback = await lookups.playback(playbackId, waitUntil);
  if (playback?.external === undefined || playback.asset_id !== assetId) throw absent();
  return { assetId, version, media: playback.external };
}

const absent = (): AppError => new AppError('not_found', 'There is no such file in this video.');
