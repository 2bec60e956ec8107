import type { Asset, PlaybackIdObject } from '@mediaflow/shared/api';
import { useEffect } from 'preact/hooks';
import { createPlaybackToken, type TokenRequest } from '../api/client.ts';
import { type Loaded, useLoaded } from '../components/hooks.ts';

/** How a video is reached from outside. */
export interface PlaybackLink {
  readonly playbackId: PlaybackIdObject;
  /** The multivariant playlist, with its token when the id is signed. */
  readonly url: string;
  readonly token?: string;
  readonly thumbnailToken?: string;
  /** Unix seconds; a public id's link has no end. */
  readonly expiresAt?: number;
}

export const LIFETIMES = [
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '1 day' },
  { seconds: 604_800, label: '7 days' },
] as const;

/** A link for one playback id, made anew when the id or the lifetime changes. */
export function useLink(asset: Asset, playbackId: PlaybackIdObject | undefined, lifetimeSeconds: number): Loaded<PlaybackLink | undefined> {
  const link = useLoaded(`${playbackId?.id}/${lifetimeSeconds}`, async () => {
    if (playbackId === undefined) return undefined;
    if (playbackId.policy === 'public') return { playbackId, url: `${location.origin}/${playbackId.id}.m3u8` };
    const issue = (type: TokenRequest['type']) => createPlaybackToken(asset.id, playbackId.id, { type, expiresInSeconds: lifetimeSeconds });
    const [film, poster] = await Promise.all([issue('video'), issue('thumbnail')]);
    return { playbackId, url: film.url, token: film.token, thumbnailToken: poster.token, expiresAt: Number(film.expires_at) };
  });
  // A link of another id must not be copied while the new one is on its way.
  const { set } = link;
  useEffect(() => set((current) => (current?.playbackId.id === playbackId?.id ? current : undefined)), [playbackId?.id]);
  return link;
}
