import { textSegmentCount } from '@mediaflow/shared/timeline';
import { isExtraUnit, type Unit } from '@mediaflow/shared/units';
import { updateAsset } from '../db/assets.ts';
import { insertOutbox } from '../db/outbox.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { askFor, findTask, textTaskId } from '../db/tasks.ts';
import { insertUnits } from '../db/units.ts';
import { recordEvent } from '../record-event.ts';
import { planAnalyzeJob, planOpeningJobs, planPosterJobs, planTextJobs } from '../work-jobs.ts';
import type { OutcomeOf } from './decide.ts';
import { countSegments } from './fill-unit.ts';
import { readSecondCodec } from './second-codec.ts';

/** From here on the asset plays: its playlists are complete, its units wait for their turn, its opening is made at once. */
export async function writeProbed(
  tx: Db,
  asset: AssetRow,
  { source, timeline, renditions, units, isAnalysisDue }: OutcomeOf<'probed'>,
): Promise<void> {
  const textCount = renditions.filter(({ kind }) => kind === 'text').length * textSegmentCount(timeline);
  const playable = await updateAsset(tx, asset.id, {
    source: JSON.stringify(source),
    timeline: JSON.stringify(timeline),
    renditions: JSON.stringify(renditions),
    warnings: JSON.stringify(source.warnings),
    total_segments: countOwed(units) + textCount,
    is_analysis_due: isAnalysisDue,
    playable_at: new Date(),
  });
  // First of all, so that the relay takes them first: somebody may be waiting already.
  await insertOutbox(tx, planOpeningJobs(playable));
  await insertUnits(tx, playable, units);
  for (const job of planPosterJobs(playable)) await askFor(tx, playable, 'poster', job);
  for (const job of planTextJobs(playable)) await askFor(tx, playable, textTaskId(job.payload.rendition.id), job);
  if (isAnalysisDue) {
    const secondCodec = readSecondCodec(await findTask(tx, playable, 'probe'));
    await askFor(tx, playable, 'analyze', planAnalyzeJob(playable, secondCodec));
  }
  await recordEvent(tx, 'video.asset.playable', playable);
}

/** Segments without which an asset is not ready. */
export const countOwed = (units: readonly Unit[]): number =>
  units.reduce((sum, unit) => sum + (isExtraUnit(unit) ? 0 : countSegments(unit)), 0);
