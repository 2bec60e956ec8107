import { AppError } from '@mediaflow/shared/errors';
import { externalContentType } from '@mediaflow/shared/external/content-type';
import { isMpd } from '@mediaflow/shared/external/parse-manifest';
import { type MediaLocation, type MediaObject, mediaContentType } from '@mediaflow/shared/keys';
import { type ClipWindow, signSession } from '@mediaflow/shared/session';
import { PLAYBACK_AUDIENCES } from '@mediaflow/shared/token';
import { type Context, Hono } from 'hono';
import { CACHE_CONTROL } from '../cache.ts';
import { type EdgeEnv, waitUntilOf } from '../context.ts';
import type { ExternalVersion } from '../external/external-version.ts';
import { personaliseExternal } from '../external/personalise-external.ts';
import type { PlaylistLibrary } from '../external/playlist-library.ts';
import type { MediaStore } from '../media-store.ts';
import { CACHE_HEADER } from '../object-response.ts';
import { authorizePlayback } from '../playback/authorize.ts';
import type { ResolutionCaps } from '../playback/choose-caps.ts';
import { chooseClip } from '../playback/choose-clip.ts';
import type { PlayDecision } from '../playback/decide-playback.ts';
import { type Personalise, personaliseDash, personaliseHls } from '../playback/personalise.ts';
import { openSession } from '../playback/session-policy.ts';
import { nowSeconds, type Ports } from '../ports.ts';
import { sendObject } from '../send-object.ts';

/** Names the viewer's session to whoever may want to revoke it; opens nothing. */
const SESSION_HEADER = 'x-mediaflow-session';

interface ManifestFormat {
  readonly kind: Extract<MediaObject['kind'], 'multivariant' | 'dash'>;
  readonly personalise: Personalise;
}

const HLS: ManifestFormat = { kind: 'multivariant', personalise: personaliseHls };
const DASH: ManifestFormat = { kind: 'dash', personalise: personaliseDash };

/** `/{id or JWT}.m3u8`, `/{id or JWT}/manifest/video.m3u8`, both with `.mpd` for DASH, and `/{id or JWT}/thumbnail.jpg` */
export function playbackRoutes(ports: Ports, store: MediaStore, library: PlaylistLibrary): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();

  /** What opens the one session of this request. */
  const signFor =
    (c: Context<EdgeEnv>, decision: PlayDecision, clip: ClipWindow | undefined) =>
    (caps: ResolutionCaps): Promise<string> => {
      const session = openSession(decision, { caps, clip }, nowSeconds(ports.clock));
      c.header(SESSION_HEADER, session.viewerId);
      return signSession(ports.keys.session, session);
    };

  const sendExternal = async (
    c: Context<EdgeEnv>,
    decision: PlayDecision,
    version: ExternalVersion,
    kind: ManifestFormat['kind'],
  ): Promise<Response> => {
    const isAsked = isMpd(version.media.manifest) === (kind === 'dash');
    const stored = isAsked ? await library.read(version, version.media.manifest, waitUntilOf(c)) : undefined;
    if (stored === undefined) throw new AppError('not_found', 'This video has no such manifest.');
    const text = await personaliseExternal(version, stored, decision.rules, signFor(c, decision, undefined));
    c.header('content-type', externalContentType(version.media.manifest));
    c.header('cache-control', CACHE_CONTROL[kind]);
    c.header(CACHE_HEADER, stored.outcome);
    return c.body(text);
  };

  const sendManifest = async (c: Context<EdgeEnv>, name: string, { kind, personalise }: ManifestFormat): Promise<Response> => {
    const decision = await authorizePlayback(c, ports, name, PLAYBACK_AUDIENCES.video);
    const { asset_id: assetId, version, playlist_revision: revision, external, timeline } = decision.playback;
    if (external !== undefined) return sendExternal(c, decision, { assetId, version, media: external }, kind);
    const clip = chooseClip(timeline, decision.rules);
    const location: MediaLocation = { assetId, version, object: { kind, revision } };
    const stored = await store.read(location, waitUntilOf(c));
    // The origin said that this version is playable, so its manifest not being there is a fault and not an absence.
    if (stored === undefined) throw new AppError('unavailable', 'The playlist is not in the store.', { retryAfterSeconds: 1 });
    const text = await new Response(stored.body).text();
    c.header('content-type', mediaContentType(location.object));
    c.header('cache-control', CACHE_CONTROL[kind]);
    c.header(CACHE_HEADER, stored.outcome);
    return c.body(await personalise(text, { rules: decision.rules, clip }, signFor(c, decision, clip)));
  };

  routes.get('/:file{[^/]+\\.m3u8}', (c) => sendManifest(c, c.req.param('file').slice(0, -'.m3u8'.length), HLS));
  routes.get('/:file{[^/]+\\.mpd}', (c) => sendManifest(c, c.req.param('file').slice(0, -'.mpd'.length), DASH));
  routes.get('/:name/manifest/video.m3u8', (c) => sendManifest(c, c.req.param('name'), HLS));
  routes.get('/:name/manifest/video.mpd', (c) => sendManifest(c, c.req.param('name'), DASH));

  routes.get('/:name/thumbnail.jpg', async (c) => {
    const { playback } = await authorizePlayback(c, ports, c.req.param('name'), PLAYBACK_AUDIENCES.thumbnail);
    const location: MediaLocation = { assetId: playback.asset_id, version: playback.version, object: { kind: 'poster' } };
    const sent = await sendObject(c, store, location);
    if (sent === undefined) throw new AppError('not_found', 'This video has no picture.');
    return sent;
  });
  return routes;
}
