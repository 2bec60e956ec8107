import type { ProbePayload } from '@mediaflow/shared/jobs';
import { planRenditions } from '@mediaflow/shared/ladder';
import { isExtra } from '@mediaflow/shared/rendition';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import type { Handler } from '../handler.ts';
import { storeManifests, storePlaylists } from '../publish/manifests.ts';
import { probeFile } from './probe-file.ts';
import { readLeads } from './read-leads.ts';

/** Fixes an asset's timeline and stores its complete playlists; from then on it is playable. */
export const handleProbe: Handler<ProbePayload> = async (payload, { signal, store, staging, confirmLease, report }) => {
  const { assetId, version, quality, secondCodec } = payload;
  const { source, timeline, leads } = await staging.withSource(payload, async (path, derive) => {
    const source = await probeFile(path, signal, derive);
    const timeline = fixTimeline(source);
    return { source, timeline, leads: await readLeads(path, source, timeline) };
  });
  const renditions = [...planRenditions(source, timeline, { quality, ...(secondCodec !== undefined && { secondCodec }) })];
  // A second codec is listed by the revision that finds it complete: a player would choose it first.
  const listed = renditions.filter((rendition) => !isExtra(rendition));
  const manifests = { assetId, version, revision: 0, timeline, renditions: listed, measured: [] };
  await storePlaylists(store, manifests);
  await confirmLease();
  await storeManifests(store, manifests);
  const isAnalysisDue = quality === 'premium' && source.video !== undefined;
  const units = [...planUnits(timeline, renditions, leads)];
  await report({ kind: 'probed', assetId, version, source, timeline, renditions, units, isAnalysisDue }, signal);
};
