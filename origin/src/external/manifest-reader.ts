import { AppError } from '@mediaflow/shared/errors';
import type { ExternalMedia } from '@mediaflow/shared/external/external-media';
import { isRefusal, parseManifest } from '@mediaflow/shared/external/parse-manifest';
import type { ExternalMpd } from '@mediaflow/shared/external/read-mpd';
import { type ExternalPlaylist, MAX_PLAYLIST_BYTES } from '@mediaflow/shared/external/read-playlist';
import type { ObjectStore } from '@mediaflow/shared/object-store';

/** @throws AppError `invalid_parameters` with what is wrong, in words for the person who made it */
export type ReadManifest = (path: string) => Promise<ExternalPlaylist | ExternalMpd>;

/** Of one asset: a day in segments of two seconds, each a byte range, in twenty renditions. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

/** Reads one asset's manifests, as long as they are not too much together; what is too long is not read. */
export function createManifestReader(
  store: Pick<ObjectStore, 'get'>,
  { prefix }: ExternalMedia,
  maxTotalBytes = MAX_TOTAL_BYTES,
): ReadManifest {
  let totalBytes = 0;

  const readBytes = async (path: string): Promise<ArrayBuffer> => {
    const object = await store.get(prefix + path);
    if (object === undefined) throw refuseManifest(path, 'It is not stored.');
    totalBytes += object.sizeBytes;
    const excess =
      object.sizeBytes > MAX_PLAYLIST_BYTES
        ? `It is larger than ${MAX_PLAYLIST_BYTES} bytes.`
        : totalBytes > maxTotalBytes && `With it the playlists are larger than ${maxTotalBytes} bytes together.`;
    if (excess === false) return new Response(object.body).arrayBuffer();
    await object.body.cancel();
    throw refuseManifest(path, excess);
  };

  return async (path) => {
    const text = decode(await readBytes(path), path);
    try {
      return parseManifest(text, { prefix, path });
    } catch (error) {
      throw isRefusal(error) ? refuseManifest(path, error.message) : error;
    }
  };
}

function decode(bytes: ArrayBuffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuseManifest(path, 'It is not UTF-8.');
  }
}

export const refuseManifest = (path: string, message: string): AppError =>
  new AppError('invalid_parameters', `inputs: the playlist "${path}" cannot be registered. ${message}`);
