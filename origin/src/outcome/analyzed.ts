import type { Saving } from '@mediaflow/shared/jobs';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { Rendition } from '@mediaflow/shared/rendition';
import { planUnits, type Unit } from '@mediaflow/shared/units';
import { updateAsset } from '../db/assets.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { findTask } from '../db/tasks.ts';
import { insertUnits } from '../db/units.ts';
import { recordEvent } from '../record-event.ts';
import { finishIfComplete } from './complete.ts';
import { countOwed } from './probed.ts';
import { askForRevision } from './publish.ts';
import { readSecondCodec } from './second-codec.ts';

export interface Analysis {
  /** All renditions of the asset from now on. */
  readonly renditions: readonly Rendition[];
  /** For the renditions that are new. */
  readonly units: readonly Unit[];
  readonly savings: readonly Saving[];
}

/** Adds the rungs that an analysis has chosen; players see them from the next revision on, with estimated rates. */
export async function writeAnalysis(tx: Db, asset: AssetRow, { renditions, units, savings }: Analysis): Promise<void> {
  const analyzed = await updateAsset(tx, asset.id, {
    renditions: JSON.stringify(keepDropped(renditions, asset.renditions ?? [])),
    total_segments: asset.total_segments + countOwed(units),
    is_analysis_due: false,
    quality: JSON.stringify({ ...asset.quality, ...(savings.length > 0 && { savings }) }),
  });
  await insertUnits(tx, analyzed, units);
  await askForRevision(tx, analyzed);
  await recordEvent(tx, 'video.asset.updated', analyzed);
  await finishIfComplete(tx, analyzed);
}

/** Subtitles that were given up while the analysis ran stay out. */
const keepDropped = (renditions: readonly Rendition[], present: readonly Rendition[]): readonly Rendition[] =>
  renditions.filter(({ kind, id }) => kind !== 'text' || present.some((known) => known.id === id));

/** Plus's ladder in the place of an analysis that was given up. */
export async function writeFallback(tx: Db, asset: AssetRow): Promise<void> {
  const { source, timeline, renditions } = asset;
  if (source === null || timeline === null || renditions === null) return;
  const secondCodec = readSecondCodec(await findTask(tx, asset, 'probe'));
  const plus = planRenditions(source, timeline, { quality: 'plus', ...(secondCodec !== undefined && { secondCodec }) });
  // What is being made already stays as it is.
  const merged = plus.map((rendition) => renditions.find(({ id }) => id === rendition.id) ?? rendition);
  const added = plus.filter(({ id, kind }) => kind === 'video' && renditions.every((known) => known.id !== id));
  await writeAnalysis(tx, asset, { renditions: merged, units: planUnits(timeline, added), savings: [] });
}
