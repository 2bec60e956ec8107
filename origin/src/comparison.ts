import { measurePayloadSchema } from '@mediaflow/shared/jobs';
import { isExtra, type VideoRendition } from '@mediaflow/shared/rendition';
import { changeAsset } from './asset-changes.ts';
import type { AssetRow, Db, TaskRow } from './db/schema.ts';
import { askFor, findTask } from './db/tasks.ts';
import { planMeasureJob } from './work-jobs.ts';

const TASK_ID = 'measure';

/** Video renditions of a ready asset that are wholly stored and were not compared with the source yet. Pure. */
export function findUncompared({
  status,
  renditions,
  measured,
  quality,
}: Pick<AssetRow, 'status' | 'renditions' | 'measured' | 'quality'>): readonly VideoRendition[] {
  if (status !== 'ready' || quality?.isFailed === true) return [];
  const videos = (renditions ?? []).filter((rendition) => rendition.kind === 'video');
  const isWhole = ({ id }: VideoRendition) => measured?.some(({ renditionId }) => renditionId === id) === true;
  const isCompared = ({ id }: VideoRendition) => quality?.rungs?.some(({ renditionId }) => renditionId === id) === true;
  return videos.filter((rendition) => (isWhole(rendition) || !isExtra(rendition)) && !isCompared(rendition));
}

/** Asks for the comparison that is missing, unless it is under way. */
export function askForComparison(db: Db, { id, account_id: accountId }: Pick<AssetRow, 'id' | 'account_id'>): Promise<void> {
  return changeAsset(db, accountId, id, async (tx, asset) => {
    const uncompared = findUncompared(asset);
    if (isAskNeeded(uncompared, await findTask(tx, asset, TASK_ID))) await askFor(tx, asset, TASK_ID, planMeasureJob(asset, uncompared));
  });
}

/** A comparison that ended without a rung it was asked for would end so again. */
function isAskNeeded(uncompared: readonly VideoRendition[], task: TaskRow | undefined): boolean {
  if (task === undefined) return uncompared.length > 0;
  if (task.done_at === null) return false;
  const tried = new Set(measurePayloadSchema.parse(task.payload).renditions.map(({ id }) => id));
  return uncompared.some(({ id }) => !tried.has(id));
}
