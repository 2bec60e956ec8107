import { textPayloadSchema } from '@mediaflow/shared/jobs';
import type { Warning } from '@mediaflow/shared/source';
import { textSegmentCount } from '@mediaflow/shared/timeline';
import { updateAsset } from '../db/assets.ts';
import type { AssetRow, Db, TaskRow } from '../db/schema.ts';
import { recordEvent } from '../record-event.ts';
import { finishIfComplete } from './complete.ts';
import type { OutcomeOf } from './decide.ts';
import { publishMeasured } from './publish.ts';
import { recordProgress } from './stored.ts';
import { addWarning, removeWarning, toDroppedText } from './warnings.ts';

/** @param task undefined when the track was taken out before, and this was only done again for the store */
export async function writeExtracted(
  tx: Db,
  asset: AssetRow,
  { renditionId, warnings }: OutcomeOf<'extracted'>,
  task: TaskRow | undefined,
): Promise<void> {
  if (task === undefined || asset.timeline === null) return;
  const renditions = asset.renditions ?? [];
  const { rendition } = textPayloadSchema.parse(task.payload);
  const isBack = renditions.every(({ id }) => id !== renditionId);
  const count = textSegmentCount(asset.timeline);
  const known = warnings.reduce<readonly Warning[]>(addWarning, removeWarning(asset.warnings, toDroppedText(rendition)));
  const extracted = await updateAsset(tx, asset.id, {
    stored_segments: asset.stored_segments + count,
    warnings: JSON.stringify(known),
    ...(isBack && { renditions: JSON.stringify([...renditions, rendition]), total_segments: asset.total_segments + count }),
  });
  if (isBack && extracted.status === 'ready') {
    await recordEvent(tx, 'video.asset.updated', await publishMeasured(tx, extracted));
  }
  await recordProgress(tx, asset, extracted);
  await finishIfComplete(tx, extracted);
}

/** The asset plays without the track. */
export async function dropText(tx: Db, asset: AssetRow, renditionId: string): Promise<void> {
  const { timeline, renditions } = asset;
  const rendition = renditions?.find(({ id }) => id === renditionId);
  if (timeline === null || renditions === null || rendition?.kind !== 'text') return;
  const dropped = await updateAsset(tx, asset.id, {
    renditions: JSON.stringify(renditions.filter(({ id }) => id !== renditionId)),
    total_segments: asset.total_segments - textSegmentCount(timeline),
    warnings: JSON.stringify(addWarning(asset.warnings, toDroppedText(rendition))),
  });
  await recordEvent(tx, 'video.asset.updated', dropped);
  await finishIfComplete(tx, dropped);
}
