import type { MeasuredRendition } from '@mediaflow/shared/jobs';
import { isExtra } from '@mediaflow/shared/rendition';
import { updateAsset } from '../db/assets.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { askFor, nextRevision, publishTaskId } from '../db/tasks.ts';
import { listUnits } from '../db/units.ts';
import { planPublishJob } from '../work-jobs.ts';
import { measureRenditions } from './measure-renditions.ts';

/** Asks for a revision that lists the first codec's renditions, and the second's where they are measured. */
export async function askForRevision(tx: Db, asset: AssetRow, measured: readonly MeasuredRendition[] = []): Promise<void> {
  const isMeasured = new Set(measured.map(({ renditionId }) => renditionId));
  const listed = (asset.renditions ?? []).filter((rendition) => !isExtra(rendition) || isMeasured.has(rendition.id));
  const revision = await nextRevision(tx, asset);
  await askFor(tx, asset, publishTaskId(revision), planPublishJob(asset, revision, listed, measured));
}

/** Measures what is stored, notes it on the asset, and asks for a revision that says so. */
export async function publishMeasured(tx: Db, asset: AssetRow): Promise<AssetRow> {
  const { timeline, renditions } = asset;
  if (timeline === null || renditions === null) return asset;
  const measured = measureRenditions(timeline, renditions, await listUnits(tx, asset));
  // Without the key frames' sizes: a row that is read for every call must stay small.
  const rates = measured.map(({ keyframeBytes: _, ...rate }) => rate);
  const noted = await updateAsset(tx, asset.id, { measured: JSON.stringify(rates) });
  await askForRevision(tx, noted, measured);
  return noted;
}
