import { externalContentType } from '@mediaflow/shared/external/content-type';
import type { ExternalMedia } from '@mediaflow/shared/external/external-media';
import type { PlaylistPlace } from '@mediaflow/shared/external/resolve-uri';
import type { AssetId } from '@mediaflow/shared/ids';
import type { ObjectPlace } from '../media-store.ts';

/** A customer's files as they were when this version of the asset began. */
export interface ExternalVersion {
  readonly assetId: AssetId;
  readonly version: number;
  readonly media: ExternalMedia;
}

/** @param path below the prefix */
export const objectPlace = ({ assetId, version, media }: ExternalVersion, path: string): ObjectPlace => ({
  key: media.prefix + path,
  // Without a version in the key a refresh could not leave behind what is cached.
  cacheKey: `external/${assetId}/${version}/${path}`,
  contentType: externalContentType(path),
});

export const playlistPlace = ({ media }: ExternalVersion, path: string): PlaylistPlace => ({ prefix: media.prefix, path });
