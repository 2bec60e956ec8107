import { updateAsset } from '../db/assets.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { hasUndoneTexts } from '../db/tasks.ts';
import { hasUndoneUnits } from '../db/units.ts';
import { recordEvent } from '../record-event.ts';
import { judgePictures } from './judge-pictures.ts';
import { publishMeasured } from './publish.ts';
import { replaceWarning } from './warnings.ts';

/**
 * Makes the asset ready when nothing of its first codec and its subtitles is left to be made. Call with its row locked, so
 * that whichever outcome finishes the last piece is the only one to see that.
 */
export async function finishIfComplete(tx: Db, asset: AssetRow): Promise<void> {
  // The counters tell without a look at thousands of units; they are no proof.
  if (asset.status !== 'preparing' || asset.timeline === null || asset.is_analysis_due) return;
  if (asset.stored_segments < asset.total_segments) return;
  if ((await hasUndoneUnits(tx, asset, false)) || (await hasUndoneTexts(tx, asset))) return;

  const pictures = judgePictures(asset.pictures_total, asset.pictures_damaged);
  if (pictures.verdict === 'lost') return endAsset(tx, asset, { code: 'corrupt', message: pictures.message });
  const ready = await updateAsset(tx, asset.id, {
    status: 'ready',
    ready_at: new Date(),
    ...(pictures.verdict === 'damaged' && { warnings: JSON.stringify(replaceWarning(asset.warnings, pictures.warning)) }),
  });
  await recordEvent(tx, 'video.asset.ready', await publishMeasured(tx, ready));
}

/** Ends an asset's preparation. */
export async function endAsset(
  tx: Db,
  asset: AssetRow,
  error: { readonly code: NonNullable<AssetRow['error_code']>; readonly message: string },
): Promise<void> {
  const errored = await updateAsset(tx, asset.id, { status: 'errored', error_code: error.code, error_message: error.message });
  await recordEvent(tx, 'video.asset.errored', errored);
}
