import type { Asset } from '@mediaflow/shared/api';
import { useEffect, useState } from 'preact/hooks';
import { createPlaybackToken } from '../api/client.ts';
import { isPlayable } from './asset-phase.ts';

/** Long enough that a library left open over lunch still shows its pictures. */
const TOKEN_SECONDS = 6 * 3600;

/** One token per playback id and page load; a list drawn again asks nothing. */
const posters = new Map<string, Promise<string | undefined>>();

/** The address of an asset's poster frame, or undefined while there is none to show. */
export function usePoster(asset: Asset): string | undefined {
  const [poster, setPoster] = useState<string>();
  const playbackId = asset.playback_ids?.find(({ policy }) => policy === 'public') ?? asset.playback_ids?.[0];
  const isWanted = isPlayable(asset) && asset.kind !== 'audio' && playbackId !== undefined;
  const { id, policy } = playbackId ?? {};

  useEffect(() => {
    if (!isWanted || id === undefined) return;
    let isCurrent = true;
    void findPoster(asset.id, id, policy === 'public').then((url) => isCurrent && setPoster(url));
    return () => {
      isCurrent = false;
    };
  }, [asset.id, id, policy, isWanted]);
  return isWanted ? poster : undefined;
}

function findPoster(assetId: string, playbackId: string, isPublic: boolean): Promise<string | undefined> {
  const known = posters.get(playbackId);
  if (known !== undefined) return known;
  const found = isPublic
    ? Promise.resolve(`/${playbackId}/thumbnail.jpg`)
    : createPlaybackToken(assetId, playbackId, { type: 'thumbnail', expiresInSeconds: TOKEN_SECONDS }).then(
        ({ url }) => url,
        () => {
          // A picture that is missing is not worth a message; the next look asks again.
          posters.delete(playbackId);
          return undefined;
        },
      );
  posters.set(playbackId, found);
  return found;
}
