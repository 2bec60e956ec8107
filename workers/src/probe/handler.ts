import type { ProbePayload } from '@mediaflow/shared/jobs';
import { type MediaLocation, mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import { planRenditions, type Rendition } from '@mediaflow/shared/ladder';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { fixTimeline, type Timeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import type { Handler } from '../handler.ts';
import { stringifyMultivariantPlaylist, stringifyRenditionPlaylist } from '../package/playlists.ts';
import { probeFile } from './probe-file.ts';

/** Fixes an asset's timeline and stores its complete playlists; from then on it is playable. */
export const handleProbe: Handler<ProbePayload> = async (payload, { signal, store, staging, report }) => {
  const { assetId, version } = payload;
  const source = await staging.withSource(payload, (path) => probeFile(path, signal));
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline);
  await storePlaylists(store, { assetId, version }, renditions, timeline);
  await report(
    { kind: 'probed', assetId, version, source, timeline, renditions: [...renditions], units: [...planUnits(timeline, renditions)] },
    signal,
  );
};

type AssetVersion = Pick<MediaLocation, 'assetId' | 'version'>;

/** The multivariant playlist comes last: whoever finds it finds all that it names. */
async function storePlaylists(
  store: ObjectStore,
  asset: AssetVersion,
  renditions: readonly Rendition[],
  timeline: Timeline,
): Promise<void> {
  await Promise.all(
    renditions.map((rendition) =>
      putText(
        store,
        { ...asset, object: { kind: 'playlist', renditionId: rendition.id } },
        stringifyRenditionPlaylist(rendition, timeline),
      ),
    ),
  );
  await putText(store, { ...asset, object: { kind: 'multivariant' } }, stringifyMultivariantPlaylist(renditions, timeline));
}

function putText(store: ObjectStore, location: MediaLocation, text: string): Promise<void> {
  const body = new TextEncoder().encode(text);
  return store.put(mediaKey(location), body, { contentType: mediaContentType(location.object), sizeBytes: body.byteLength });
}
