import type { Log } from '@mediaflow/platform/log';
import type { OutcomePayload, RungQuality } from '@mediaflow/shared/jobs';
import { mediaPrefix } from '@mediaflow/shared/keys';
import { lockAsset, updateAsset } from '../db/assets.ts';
import { notify } from '../db/changes.ts';
import { insertOutbox } from '../db/outbox.ts';
import type { AssetRow, Db, TaskRow } from '../db/schema.ts';
import { finishTask } from '../db/tasks.ts';
import { recordEvent } from '../record-event.ts';
import { writeAnalysis } from './analyzed.ts';
import { decideOutcome, taskOf } from './decide.ts';
import { writeFailed } from './failed.ts';
import { writeProbed } from './probed.ts';
import { writeStored } from './stored.ts';
import { writeExtracted } from './text.ts';

/**
 * Writes a worker's outcome down in one transaction. The asset's row is locked first, so outcomes of one asset come one
 * after another, its events are in order, and whichever outcome finishes the last unit is the only one to see that. Who
 * waits for the asset's objects looks again when it has committed.
 */
export async function writeOutcome(db: Db, outcome: OutcomePayload, log: Log): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const asset = await lockAsset(tx, outcome.assetId);
    const decision = decideOutcome(outcome, asset);
    if (decision.action === 'purge') {
      await insertOutbox(tx, [{ job: 'purge', payload: { assetId: outcome.assetId, prefixes: [mediaPrefix(outcome.assetId)] } }]);
      return;
    }
    const taskId = taskOf(outcome);
    const task = taskId === undefined ? undefined : await finishTask(tx, outcome.assetId, outcome.version, taskId);
    if (decision.action === 'ignore' || asset === undefined) {
      log.info({ assetId: outcome.assetId, kind: outcome.kind, decision }, 'outcome ignored');
      return;
    }
    await writeAccepted(tx, asset, outcome, task, log);
    await notify(tx, { kind: 'asset', assetId: asset.id });
  });
}

async function writeAccepted(tx: Db, asset: AssetRow, outcome: OutcomePayload, task: TaskRow | undefined, log: Log): Promise<void> {
  switch (outcome.kind) {
    case 'probed':
      return writeProbed(tx, asset, outcome);
    case 'stored':
      return writeStored(tx, asset, outcome);
    case 'extracted':
      return writeExtracted(tx, asset, outcome, task);
    case 'published':
      await updateAsset(tx, asset.id, { playlist_revision: Math.max(asset.playlist_revision, outcome.revision) });
      return;
    case 'analyzed':
      return writeAnalysis(tx, asset, outcome);
    case 'measured':
      return writeMeasured(tx, asset, outcome.rungs);
    case 'poster':
      return recordEvent(tx, 'video.asset.updated', asset);
    case 'failed':
      return writeFailed(tx, asset, outcome, task, log);
  }
}

/** The latest comparison of each rung counts. */
async function writeMeasured(tx: Db, asset: AssetRow, rungs: readonly RungQuality[]): Promise<void> {
  const isNew = new Set(rungs.map(({ renditionId }) => renditionId));
  const kept = (asset.quality?.rungs ?? []).filter(({ renditionId }) => !isNew.has(renditionId));
  const { isFailed: _, ...quality } = asset.quality ?? {};
  await updateAsset(tx, asset.id, { quality: JSON.stringify({ ...quality, rungs: [...kept, ...rungs] }) });
}
