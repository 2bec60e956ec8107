import type { Log } from '@mediaflow/platform/log';
import type { ErrorCode } from '@mediaflow/shared/errors';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { mediaPrefix } from '@mediaflow/shared/keys';
import { lockAsset, updateAsset } from '../db/assets.ts';
import { insertOutbox } from '../db/outbox.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { hasUndoneUnits, insertUnits, markUnitDone } from '../db/units.ts';
import { storedPercent } from '../present/asset.ts';
import { recordEvent } from '../record-event.ts';
import { planEncodeJob, planPosterJobs } from '../work-jobs.ts';
import { countSegments, decideOutcome } from './decide.ts';

type Probed = Extract<OutcomePayload, { kind: 'probed' }>;

/**
 * Writes a worker's outcome down in one transaction. The asset's row is locked first, so outcomes of one asset come one
 * after another, its events are in order, and whichever outcome finishes the last unit is the only one to see that.
 */
export async function writeOutcome(db: Db, outcome: OutcomePayload, log: Log): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const asset = await lockAsset(tx, outcome.assetId);
    const decision = decideOutcome(outcome, asset);
    if (decision.action === 'purge') {
      await insertOutbox(tx, [{ job: 'purge', payload: { assetId: outcome.assetId, prefixes: [mediaPrefix(outcome.assetId)] } }]);
      return;
    }
    if (decision.action === 'ignore' || asset === undefined) {
      log.info({ assetId: outcome.assetId, kind: outcome.kind, decision }, 'outcome ignored');
      return;
    }
    switch (decision.action) {
      case 'play':
        return writeProbed(tx, asset, decision.probed);
      case 'store-unit':
        return writeEncoded(tx, asset, decision.unitId);
      case 'show-poster':
        return recordEvent(tx, 'video.asset.updated', asset);
      case 'fail':
        return writeFailed(tx, asset, decision);
    }
  });
}

/** From here on the asset plays: its playlists are complete, and the units go out to be encoded. */
async function writeProbed(tx: Db, asset: AssetRow, { source, timeline, renditions, units }: Probed): Promise<void> {
  const playable = await updateAsset(tx, asset.id, {
    source: JSON.stringify(source),
    timeline: JSON.stringify(timeline),
    renditions: JSON.stringify(renditions),
    total_segments: units.reduce((sum, unit) => sum + countSegments(unit), 0),
    playable_at: new Date(),
  });
  await insertUnits(tx, asset.id, asset.version, units);
  await insertOutbox(tx, [...units.map((unit) => planEncodeJob(playable, unit)), ...planPosterJobs(playable)]);
  await recordEvent(tx, 'video.asset.playable', playable);
}

async function writeEncoded(tx: Db, asset: AssetRow, unitId: string): Promise<void> {
  const unit = await markUnitDone(tx, asset.id, asset.version, unitId);
  if (unit === undefined) return;
  const isReady = !(await hasUndoneUnits(tx, asset.id, asset.version));
  const stored = await updateAsset(tx, asset.id, {
    stored_segments: asset.stored_segments + countSegments(unit),
    ...(isReady && { status: 'ready' }),
  });
  // One event for each per cent at most, so that a long film does not write thousands.
  if (storedPercent(stored) > storedPercent(asset)) await recordEvent(tx, 'video.asset.progress', stored);
  if (isReady) await recordEvent(tx, 'video.asset.ready', stored);
}

async function writeFailed(tx: Db, asset: AssetRow, error: { readonly code: ErrorCode; readonly message: string }): Promise<void> {
  const errored = await updateAsset(tx, asset.id, { status: 'errored', error_code: error.code, error_message: error.message });
  await recordEvent(tx, 'video.asset.errored', errored);
}

/** Ends an asset's preparation for a reason the origin itself found. */
export async function failAsset(
  db: Db,
  assetId: AssetRow['id'],
  error: { readonly code: ErrorCode; readonly message: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const asset = await lockAsset(tx, assetId);
    if (asset?.status === 'preparing') await writeFailed(tx, asset, error);
  });
}
