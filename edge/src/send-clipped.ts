import { parseMediaPlaylist } from '@mediaflow/shared/hls/parse';
import { stringifyPlaylist } from '@mediaflow/shared/hls/stringify';
import { type MediaLocation, type MediaObject, mediaContentType } from '@mediaflow/shared/keys';
import type { ClipWindow } from '@mediaflow/shared/session';
import type { Context } from 'hono';
import { CACHE_CONTROL } from './cache.ts';
import { type EdgeEnv, waitUntilOf } from './context.ts';
import type { MediaInfo, MediaStore } from './media-store.ts';
import { PLAYBACK_CORS } from './middleware/playback-cors.ts';
import { CACHE_HEADER } from './object-response.ts';
import { clipMediaPlaylist } from './playback/clip-media-playlist.ts';
import { clipText } from './playback/clip-text.ts';

/** What a clip changes: playlists name fewer segments, and cues are in text with their times. */
export type ClippableObject = Extract<MediaObject, { kind: 'playlist' | 'iframes' | 'segment' }>;

export const isClippable = (object: MediaObject): object is ClippableObject =>
  object.kind === 'playlist' || object.kind === 'iframes' || (object.kind === 'segment' && isText(object));

const isText = ({ renditionId }: ClippableObject): boolean => renditionId.startsWith('t');

/** A stored playlist or text segment as a session with a clip sees it. What is cached is the whole one. Undefined when it is not stored. */
export async function sendClipped(
  c: Context<EdgeEnv>,
  store: MediaStore,
  location: MediaLocation & { readonly object: ClippableObject },
  clip: ClipWindow,
): Promise<Response | undefined> {
  const { object } = location;
  if (c.req.method === 'HEAD') {
    const info = await store.inspect(location);
    return info && respond(object, info, null);
  }
  const stored = await store.read(location, waitUntilOf(c));
  return stored && respond(object, stored, clipObject(object, await new Response(stored.body).text(), clip));
}

function respond(object: ClippableObject, { outcome }: MediaInfo, body: string | null): Response {
  const headers = {
    ...PLAYBACK_CORS,
    'content-type': mediaContentType(object),
    'cache-control': CACHE_CONTROL[object.kind],
    [CACHE_HEADER]: outcome,
  };
  return new Response(body, { headers });
}

function clipObject(object: ClippableObject, text: string, clip: ClipWindow): string {
  if (object.kind === 'segment') return clipText(text, clip);
  const kind = object.kind === 'iframes' ? 'iframes' : isText(object) ? 'text' : 'media';
  return stringifyPlaylist(clipMediaPlaylist(parseMediaPlaylist(text), clip, kind));
}
