import { AppError } from '@mediaflow/shared/errors';
import { parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import { type MediaLocation, mediaContentType } from '@mediaflow/shared/keys';
import { signSession } from '@mediaflow/shared/session';
import { PLAYBACK_AUDIENCES } from '@mediaflow/shared/token';
import { type Context, Hono } from 'hono';
import { CACHE_CONTROL } from '../cache.ts';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { MediaStore } from '../media-store.ts';
import { authorizePlayback } from '../playback/authorize.ts';
import { filterVariants } from '../playback/filter-variants.ts';
import { rewriteUris } from '../playback/rewrite-uris.ts';
import { openSession } from '../playback/session-policy.ts';
import { nowSeconds, type Ports } from '../ports.ts';
import { CACHE_HEADER, sendObject } from '../send-object.ts';

/** `/{id or JWT}.m3u8`, `/{id or JWT}/manifest/video.m3u8`, `/{id or JWT}/thumbnail.jpg` */
export function playbackRoutes(ports: Ports, store: MediaStore): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();

  const sendMultivariant = async (c: Context<EdgeEnv>, name: string): Promise<Response> => {
    const decision = await authorizePlayback(c, ports, name, PLAYBACK_AUDIENCES.video);
    const { playback, rules } = decision;
    const location: MediaLocation = { assetId: playback.asset_id, version: playback.version, object: { kind: 'multivariant' } };
    const stored = await store.read(location, waitUntilOf(c));
    // The origin said that this version is playable, so its playlist not being there is a fault and not an absence.
    if (stored === undefined) throw new AppError('unavailable', 'The playlist is not in the store.', { retryAfterSeconds: 1 });
    const text = await new Response(stored.body).text();
    const { playlist, caps } = filterVariants(parseMultivariantPlaylist(text), rules);
    const session = await signSession(ports.keys.session, openSession(decision, caps, nowSeconds(ports.clock)));
    c.header('content-type', mediaContentType(location.object));
    c.header('cache-control', CACHE_CONTROL.multivariant);
    c.header(CACHE_HEADER, stored.outcome);
    return c.body(stringifyPlaylist(rewriteUris(playlist, session)));
  };

  routes.get('/:file{[^/]+\\.m3u8}', (c) => sendMultivariant(c, c.req.param('file').slice(0, -'.m3u8'.length)));
  routes.get('/:name/manifest/video.m3u8', (c) => sendMultivariant(c, c.req.param('name')));

  routes.get('/:name/thumbnail.jpg', async (c) => {
    const { playback } = await authorizePlayback(c, ports, c.req.param('name'), PLAYBACK_AUDIENCES.thumbnail);
    const location: MediaLocation = { assetId: playback.asset_id, version: playback.version, object: { kind: 'poster' } };
    const sent = await sendObject(c, store, location);
    if (sent === undefined) throw new AppError('not_found', 'This video has no picture.');
    return sent;
  });
  return routes;
}
