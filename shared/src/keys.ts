import type { AssetId, UploadId } from './ids.ts';

/**
 * Every object-store key is built and parsed here and nowhere else.
 *
 * ```
 * sources/{upload}/{attempt}                     the uploaded original; immutable once the upload is complete
 * media/{asset}/{version}/main.m3u8              multivariant playlist, as stored (the edge rewrites it)
 * media/{asset}/{version}/poster.jpg
 * media/{asset}/{version}/{rendition}/playlist.m3u8
 * media/{asset}/{version}/{rendition}/init.mp4
 * media/{asset}/{version}/{rendition}/{n}.m4s    segment n, counted from 0
 * ```
 *
 * A version's objects never change once written, so they are cached for a year; a re-encode takes the next version.
 */
export type MediaObject =
  | { readonly kind: 'multivariant' }
  | { readonly kind: 'poster' }
  | { readonly kind: 'playlist'; readonly renditionId: string }
  | { readonly kind: 'init'; readonly renditionId: string }
  | { readonly kind: 'segment'; readonly renditionId: string; readonly number: number };

export interface MediaLocation {
  readonly assetId: AssetId;
  readonly version: number;
  readonly object: MediaObject;
}

/** A video rendition is named by its short side (`v720`), an audio rendition by its order (`a0`). */
export const RENDITION_ID_PATTERN = /^(?:v[1-9]\d{0,3}|a\d{1,2})$/;

const CHILD_PATTERN = /^(?<renditionId>v[1-9]\d{0,3}|a\d{1,2})\/(?<name>playlist\.m3u8|init\.mp4|(?<number>0|[1-9]\d{0,6})\.m4s)$/;
const KEY_PATTERN = /^media\/(?<assetId>[0-9a-f]{32})\/(?<version>[1-9]\d{0,4})\/(?<path>.+)$/;

/** Each TUS creation on one upload takes a new attempt, so bytes of two different files can never meet in one object. */
export function sourceKey(uploadId: UploadId, attempt: string): string {
  return `sources/${uploadId}/${attempt}`;
}

export function sourcePrefix(uploadId: UploadId): string {
  return `sources/${uploadId}/`;
}

export function mediaPrefix(assetId: AssetId, version?: number): string {
  return version === undefined ? `media/${assetId}/` : `media/${assetId}/${version}/`;
}

export function mediaKey(location: MediaLocation): string {
  return mediaPrefix(location.assetId, location.version) + stringifyMediaPath(location.object);
}

export function parseMediaKey(key: string): MediaLocation | undefined {
  const groups = KEY_PATTERN.exec(key)?.groups;
  const object = groups?.path === undefined ? undefined : parseMediaPath(groups.path);
  if (groups?.assetId === undefined || object === undefined) return undefined;
  return { assetId: groups.assetId as AssetId, version: Number(groups.version), object };
}

/** The part of a media key below its version; also the path below the session in a playback URL. */
export function stringifyMediaPath(object: MediaObject): string {
  switch (object.kind) {
    case 'multivariant':
      return 'main.m3u8';
    case 'poster':
      return 'poster.jpg';
    case 'playlist':
      return `${object.renditionId}/playlist.m3u8`;
    case 'init':
      return `${object.renditionId}/init.mp4`;
    case 'segment':
      return `${object.renditionId}/${object.number}.m4s`;
  }
}

export function parseMediaPath(path: string): MediaObject | undefined {
  if (path === 'main.m3u8') return { kind: 'multivariant' };
  if (path === 'poster.jpg') return { kind: 'poster' };
  const groups = CHILD_PATTERN.exec(path)?.groups;
  if (groups?.renditionId === undefined) return undefined;
  const { renditionId, name, number } = groups;
  if (name === 'playlist.m3u8') return { kind: 'playlist', renditionId };
  if (name === 'init.mp4') return { kind: 'init', renditionId };
  return { kind: 'segment', renditionId, number: Number(number) };
}

const CONTENT_TYPES = { m3u8: 'application/vnd.apple.mpegurl', mp4: 'video/mp4', m4s: 'video/iso.segment', jpg: 'image/jpeg' };

export function mediaContentType(object: MediaObject): string {
  switch (object.kind) {
    case 'multivariant':
    case 'playlist':
      return CONTENT_TYPES.m3u8;
    case 'poster':
      return CONTENT_TYPES.jpg;
    case 'init':
      return object.renditionId.startsWith('a') ? 'audio/mp4' : CONTENT_TYPES.mp4;
    case 'segment':
      return CONTENT_TYPES.m4s;
  }
}
