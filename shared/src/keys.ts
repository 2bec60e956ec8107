import type { AssetId, UploadId } from './ids.ts';

/**
 * Every object-store key is built and parsed here and nowhere else.
 *
 * ```
 * sources/{upload}/{attempt}                     the uploaded original; immutable once the upload is complete
 * media/{asset}/{version}/main.m3u8              multivariant playlist, as stored (the edge rewrites it); `main.{revision}.m3u8` after 0
 * media/{asset}/{version}/manifest.mpd           the same for DASH; `manifest.{revision}.mpd`
 * media/{asset}/{version}/poster.jpg
 * media/{asset}/{version}/{rendition}/playlist.m3u8
 * media/{asset}/{version}/{rendition}/iframes.m3u8  once every segment of the rendition is stored
 * media/{asset}/{version}/{rendition}/init.mp4
 * media/{asset}/{version}/{rendition}/{n}.m4s    segment n, counted from 0; `{n}.vtt` of a text rendition
 * ```
 *
 * A version's objects never change once written, so they are cached for a year; a re-encode takes the next version. What
 * becomes better known while a version is encoded (measured bandwidths, more renditions) is a new revision of the two
 * manifests: 0 is written by the probe, and the asset's row says which one counts.
 */
export type MediaObject =
  | { readonly kind: 'multivariant'; readonly revision: number }
  | { readonly kind: 'dash'; readonly revision: number }
  | { readonly kind: 'poster' }
  | { readonly kind: 'playlist'; readonly renditionId: string }
  | { readonly kind: 'iframes'; readonly renditionId: string }
  | { readonly kind: 'init'; readonly renditionId: string }
  | { readonly kind: 'segment'; readonly renditionId: string; readonly number: number };

export interface MediaLocation {
  readonly assetId: AssetId;
  readonly version: number;
  readonly object: MediaObject;
}

/**
 * A video rendition is named by its short side (`v720`), with its codec where that is not H.264 (`v720-av1`); audio and
 * text renditions by their order (`a0`, `t0`).
 */
const RENDITION_ID_PATTERN = /^(?:v[1-9]\d{0,3}(?:-(?:hevc|av1))?|[at]\d{1,2})$/;

const NUMBER = '0|[1-9]\\d{0,6}';
const CHILD_PATTERN = new RegExp(
  `^(?<renditionId>${RENDITION_ID_PATTERN.source.slice(1, -1)})/(?<name>playlist\\.m3u8|iframes\\.m3u8|init\\.mp4|(?<number>${NUMBER})\\.(?<extension>m4s|vtt))$`,
);
const MANIFEST_PATTERN = /^(?:main(?:\.(?<hls>[1-9]\d{0,6}))?\.m3u8|(?<isDash>manifest)(?:\.(?<dash>[1-9]\d{0,6}))?\.mpd)$/;
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
      return `main${revisionSuffix(object.revision)}.m3u8`;
    case 'dash':
      return `manifest${revisionSuffix(object.revision)}.mpd`;
    case 'poster':
      return 'poster.jpg';
    case 'playlist':
      return `${object.renditionId}/playlist.m3u8`;
    case 'iframes':
      return `${object.renditionId}/iframes.m3u8`;
    case 'init':
      return `${object.renditionId}/init.mp4`;
    case 'segment':
      return `${object.renditionId}/${object.number}.${segmentExtension(object.renditionId)}`;
  }
}

export function parseMediaPath(path: string): MediaObject | undefined {
  if (path === 'poster.jpg') return { kind: 'poster' };
  const manifest = MANIFEST_PATTERN.exec(path)?.groups;
  if (manifest?.isDash !== undefined) return { kind: 'dash', revision: Number(manifest.dash ?? 0) };
  if (manifest !== undefined) return { kind: 'multivariant', revision: Number(manifest.hls ?? 0) };
  const groups = CHILD_PATTERN.exec(path)?.groups;
  if (groups?.renditionId === undefined) return undefined;
  const { renditionId, name, number, extension } = groups;
  const isText = renditionId.startsWith('t');
  if (name === 'playlist.m3u8') return { kind: 'playlist', renditionId };
  if (name === 'iframes.m3u8') return renditionId.startsWith('v') ? { kind: 'iframes', renditionId } : undefined;
  if (name === 'init.mp4') return isText ? undefined : { kind: 'init', renditionId };
  return extension === segmentExtension(renditionId) ? { kind: 'segment', renditionId, number: Number(number) } : undefined;
}

const revisionSuffix = (revision: number): string => (revision === 0 ? '' : `.${revision}`);

const segmentExtension = (renditionId: string): 'm4s' | 'vtt' => (renditionId.startsWith('t') ? 'vtt' : 'm4s');

const CONTENT_TYPES = {
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
  vtt: 'text/vtt',
  jpg: 'image/jpeg',
};

export function mediaContentType(object: MediaObject): string {
  switch (object.kind) {
    case 'multivariant':
    case 'playlist':
    case 'iframes':
      return CONTENT_TYPES.m3u8;
    case 'dash':
      return CONTENT_TYPES.mpd;
    case 'poster':
      return CONTENT_TYPES.jpg;
    case 'init':
      return object.renditionId.startsWith('a') ? 'audio/mp4' : CONTENT_TYPES.mp4;
    case 'segment':
      return CONTENT_TYPES[segmentExtension(object.renditionId)];
  }
}
