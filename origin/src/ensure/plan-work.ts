import { isExtra } from '@mediaflow/shared/rendition';
import type { OutboxJob } from '../db/outbox.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { findTask, jobOf, publishTaskId } from '../db/tasks.ts';
import { planPosterJobs, planPublishJob, planTextJobs, planUrgentJob } from '../work-jobs.ts';
import type { EnsureDecision } from './decide-ensure.ts';

/** The job that makes what was decided upon; undefined when nothing does. */
export async function planWork(db: Db, asset: AssetRow, decision: EnsureDecision): Promise<OutboxJob | undefined> {
  switch (decision.kind) {
    case 'unknown':
      return undefined;
    case 'segment':
      return planUrgentJob(asset, decision.renditionId, decision.number, false);
    case 'text':
      return planTextJobs(asset).find(({ payload }) => payload.rendition.id === decision.renditionId);
    case 'poster':
      return planPosterJobs(asset)[0];
    case 'publish':
      return planRevision(db, asset, decision.revision);
  }
}

/** A later revision is written as it was asked for; the first one, which the probe writes, lists all but the second codec. */
async function planRevision(db: Db, asset: AssetRow, revision: number): Promise<OutboxJob | undefined> {
  const task = await findTask(db, asset, publishTaskId(revision));
  if (task !== undefined) return jobOf(task);
  const renditions = (asset.renditions ?? []).filter((rendition) => !isExtra(rendition));
  return revision === 0 ? planPublishJob(asset, 0, renditions) : undefined;
}
