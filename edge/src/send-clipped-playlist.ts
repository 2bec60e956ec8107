import { parseMediaPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import { type MediaLocation, type MediaObject, mediaContentType } from '@mediaflow/shared/keys';
import type { ClipWindow } from '@mediaflow/shared/session';
import type { Context } from 'hono';
import { CACHE_CONTROL } from './cache.ts';
import { type EdgeEnv, waitUntilOf } from './context.ts';
import type { MediaStore } from './media-store.ts';
import { clipMediaPlaylist } from './playback/clip-media-playlist.ts';
import { CACHE_HEADER } from './send-object.ts';

export type StoredPlaylist = Extract<MediaObject, { kind: 'playlist' | 'iframes' }>;

export const isPlaylist = (object: MediaObject): object is StoredPlaylist => object.kind === 'playlist' || object.kind === 'iframes';

/** A stored media playlist as a session with a clip sees it. What is cached is the whole one. Undefined when it is not stored. */
export async function sendClippedPlaylist(
  c: Context<EdgeEnv>,
  store: MediaStore,
  location: MediaLocation & { readonly object: StoredPlaylist },
  clip: ClipWindow,
): Promise<Response | undefined> {
  const { object } = location;
  const stored = await store.read(location, waitUntilOf(c));
  if (stored === undefined) return undefined;
  const playlist = parseMediaPlaylist(await new Response(stored.body).text());
  const kind = object.kind === 'iframes' ? 'iframes' : object.renditionId.startsWith('t') ? 'text' : 'media';
  c.header('content-type', mediaContentType(object));
  c.header('cache-control', CACHE_CONTROL[object.kind]);
  c.header(CACHE_HEADER, stored.outcome);
  return c.body(stringifyPlaylist(clipMediaPlaylist(playlist, clip, kind)));
}
