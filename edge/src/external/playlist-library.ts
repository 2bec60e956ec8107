import { AppError } from '@mediaflow/shared/errors';
import { isRefusal, parseManifest } from '@mediaflow/shared/external/parse-manifest';
import { PlaylistRefusal } from '@mediaflow/shared/external/playlist-refusal';
import type { ExternalMpd } from '@mediaflow/shared/external/read-mpd';
import { type ExternalPlaylist, MAX_PLAYLIST_BYTES } from '@mediaflow/shared/external/read-playlist';
import { Coalescer } from '../coalesce.ts';
import type { CacheOutcome, ObjectPlace, PlacedStore } from '../media-store.ts';
import { discardBody } from '../object-body.ts';
import type { WaitUntil } from '../ports.ts';
import { Recent } from '../recent.ts';
import { type ExternalVersion, objectPlace, playlistPlace } from './external-version.ts';
import { indexManifest, type ManifestIndex } from './manifest-index.ts';

export interface StoredPlaylist {
  readonly text: string;
  readonly playlist: ExternalPlaylist | ExternalMpd;
  readonly outcome: CacheOutcome;
}

/** A customer's playlists, checked each time they are read; what segments are judged by is remembered. Undefined: not stored. */
export interface PlaylistLibrary {
  read(version: ExternalVersion, path: string, waitUntil: WaitUntil): Promise<StoredPlaylist | undefined>;
  manifest(version: ExternalVersion, waitUntil: WaitUntil): Promise<ManifestIndex | undefined>;
  /** The files that a media playlist names. */
  files(version: ExternalVersion, path: string, waitUntil: WaitUntil): Promise<ReadonlySet<string> | undefined>;
}

/** Of each kind; some 100 bytes a name, so 20 MB of the 128 that an isolate has. */
const MAX_REMEMBERED_NAMES = 200_000;

export function createPlaylistLibrary(store: PlacedStore<ObjectPlace>): PlaylistLibrary {
  const read: PlaylistLibrary['read'] = async (version, path, waitUntil) => {
    const object = await store.read(objectPlace(version, path), waitUntil);
    if (object === undefined) return undefined;
    if (object.sizeBytes > MAX_PLAYLIST_BYTES) {
      await discardBody(object.body);
      throw refuse(version, path, new PlaylistRefusal('too_long', 'It is too long.'));
    }
    const text = await new Response(object.body).text();
    try {
      return { text, playlist: parseManifest(text, playlistPlace(version, path)), outcome: object.outcome };
    } catch (error) {
      throw isRefusal(error) ? refuse(version, path, error) : error;
    }
  };

  /** What `derive` takes from a playlist, once for all requests of this isolate: nothing below a version changes. */
  const remembering = <T>(derive: (playlist: ExternalPlaylist | ExternalMpd, path: string) => T, weigh: (value: T) => number) => {
    const recent = new Recent<T>(MAX_REMEMBERED_NAMES);
    const loads = new Coalescer<T | undefined>();
    return async (version: ExternalVersion, path: string, waitUntil: WaitUntil): Promise<T | undefined> => {
      const { cacheKey } = objectPlace(version, path);
      const known = recent.get(cacheKey);
      if (known !== undefined) return known;
      return loads.run(cacheKey, waitUntil, async () => {
        const stored = await read(version, path, waitUntil);
        if (stored === undefined) return undefined;
        const value = derive(stored.playlist, path);
        recent.set(cacheKey, value, weigh(value));
        return value;
      });
    };
  };

  const manifest = remembering(
    indexManifest,
    ({ playlists, files, representations }) => 1 + playlists.length + files.size + representations.length,
  );
  const files = remembering(
    (playlist): ReadonlySet<string> => new Set(playlist.kind === 'mpd' ? [] : playlist.files),
    ({ size }) => 1 + size,
  );
  return { read, manifest: (version, waitUntil) => manifest(version, version.media.manifest, waitUntil), files };
}

/** For the operator's log, which learns the reason; a viewer learns that there is one. */
const refuse = ({ assetId }: ExternalVersion, path: string, cause: Error): AppError =>
  new AppError('playlist_refused', 'A playlist of this video is not safe to serve.', { cause, details: { assetId, path } });
