import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { urgentJob } from '@mediaflow/shared/jobs';
import { type MediaLocation, mediaKey } from '@mediaflow/shared/keys';
import { findAsset } from '../db/assets.ts';
import type { OutboxJob } from '../db/outbox.ts';
import type { AssetRow, Db } from '../db/schema.ts';
import { findUnitSizes, type SegmentSpan } from '../db/units.ts';
import { withDefinition } from '../work-definition.ts';
import { planUrgentJob } from '../work-jobs.ts';
import { decideEnsure } from './decide-ensure.ts';
import { aheadOf, askedFor, companionOf, findMissing } from './look-ahead.ts';
import { planWork } from './plan-work.ts';

/** Work for objects that are absent. @throws AppError `unavailable` when Postgres or Redis is away */
export interface Demand {
  /**
   * Puts the work for an object into the queue, where that is not there already. The first time, what whoever wants this one
   * will want next is asked for as well: with a picture its sound, and the segments after it. Undefined when nothing makes the object.
   */
  ask(location: MediaLocation, options: { readonly isFirst: boolean }): Promise<OutboxJob | undefined>;
  /** Whether it is waiting or running. */
  isQueued(job: OutboxJob): Promise<boolean>;
  /**
   * Takes what `ask` put into the queue for a viewer out again, unless it `isWanted` by others; what runs gives way to the rest: what
   * nobody waits for any more must not stand before what somebody does. The background makes it in its turn.
   */
  withdraw(location: MediaLocation, isWanted: (key: string) => boolean): Promise<void>;
}

export interface DemandDependencies {
  readonly db: Db;
  readonly producer: Pick<Producer, 'enqueue' | 'isQueued' | 'withdraw'>;
  readonly log: Log;
}

/** Jobs go into the queue directly: the outbox would cost a viewer time, and whoever still waits asks again anyway. */
export function createDemand({ db, producer, log }: DemandDependencies): Demand {
  const enqueue = ({ job, payload }: OutboxJob): Promise<void> =>
    withDefinition(job, payload, (definition, parsed) => producer.enqueue(definition, parsed));

  async function askMissing(asset: AssetRow, renditionId: string, span: SegmentSpan, isAhead: boolean): Promise<void> {
    const units = await findUnitSizes(db, asset, renditionId, span);
    await Promise.all(findMissing(units, renditionId, span).map((number) => enqueue(planUrgentJob(asset, renditionId, number, isAhead))));
  }

  async function askNext(asset: AssetRow, renditionId: string, number: number): Promise<void> {
    if (asset.timeline === null) return;
    const sound = companionOf(renditionId, asset.renditions ?? []);
    // Players that ask for the sound only once they have the picture would otherwise wait twice after a jump.
    if (sound !== undefined) await askMissing(asset, sound, { first: number, last: number }, false);
    await askMissing(asset, renditionId, aheadOf(number, asset.timeline), true);
  }

  return {
    async ask(location, { isFirst }) {
      const asset = await findAsset(db, location.assetId);
      const decision = decideEnsure(location, asset);
      const job = asset && (await planWork(db, asset, decision));
      if (asset === undefined || job === undefined) return undefined;
      await enqueue(job);
      if (isFirst && location.object.kind === 'segment' && decision.kind === 'segment') {
        askNext(asset, decision.renditionId, decision.number).catch((err: unknown) =>
          log.warn({ err }, 'following segments not asked for'),
        );
      }
      return job;
    },
    async withdraw({ assetId, version, object }, isWanted) {
      const asset = await findAsset(db, assetId);
      const decision = decideEnsure({ assetId, version, object }, asset);
      // Other work is a task, which is done whether somebody waits for it or not.
      if (asset === undefined || decision.kind !== 'segment') return;
      const segments = askedFor(decision, asset).map((segment) => ({ kind: 'segment' as const, ...segment }));
      const left = segments.filter((segment) => !isWanted(mediaKey({ assetId, version, object: segment })));
      const jobs = left.map(({ renditionId, number }) => planUrgentJob(asset, renditionId, number, false));
      await Promise.all(jobs.map(({ payload }) => producer.withdraw(urgentJob, payload)));
    },
    isQueued: ({ job, payload }) => withDefinition(job, payload, (definition, parsed) => producer.isQueued(definition, parsed)),
  };
}
