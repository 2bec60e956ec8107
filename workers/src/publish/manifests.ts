import { type MediaLocation, type MediaObject, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore, PutOptions } from '@mediaflow/shared/object-store';
import { stringifyIframePlaylist, stringifyMediaPlaylist } from '../package/media-playlist.ts';
import { stringifyMpd } from '../package/mpd.ts';
import { type ManifestContent, stringifyMultivariantPlaylist } from '../package/multivariant-playlist.ts';

/** One revision of an asset's manifests: the n-th statement of what there is and what it needs. */
export interface ManifestRevision extends ManifestContent, Pick<MediaLocation, 'assetId' | 'version'> {
  readonly revision: number;
}

/** Everything that the revision's manifests name, from which nobody can come to it before they are there. */
export async function storePlaylists(store: ObjectStore, revision: ManifestRevision): Promise<void> {
  const { timeline, renditions, measured } = revision;
  const playlists = renditions.map((rendition) =>
    putText(store, revision, { kind: 'playlist', renditionId: rendition.id }, stringifyMediaPlaylist(rendition, timeline)),
  );
  const iframes = measured.flatMap(({ renditionId, keyframeBytes }) =>
    keyframeBytes === undefined
      ? []
      : [putText(store, revision, { kind: 'iframes', renditionId }, stringifyIframePlaylist(renditionId, timeline, keyframeBytes))],
  );
  await Promise.all([...playlists, ...iframes]);
}

/**
 * The manifests themselves, after `storePlaylists`. A revision is written once. The first one is not yet played by anybody while
 * its probe runs, and a probe that begins anew may have been given another ladder: there the last writer wins.
 */
export async function storeManifests(store: ObjectStore, content: ManifestRevision): Promise<void> {
  const { revision } = content;
  const options = { ifAbsent: revision > 0 };
  await Promise.all([
    putText(store, content, { kind: 'multivariant', revision }, stringifyMultivariantPlaylist(content), options),
    putText(store, content, { kind: 'dash', revision }, stringifyMpd(content), options),
  ]);
}

function putText(
  store: ObjectStore,
  { assetId, version }: ManifestRevision,
  object: MediaObject,
  text: string,
  options: PutOptions = {},
): Promise<void> {
  const body = new TextEncoder().encode(text);
  const contentType = mediaContentType(object);
  return store.put(mediaKey({ assetId, version, object }), body, { ...options, contentType, sizeBytes: body.byteLength });
}
