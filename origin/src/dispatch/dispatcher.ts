import type { Producer } from '@mediaflow/platform/queue';
import { encodeJob } from '@mediaflow/shared/jobs';
import { tryLock } from '../db/advisory-lock.ts';
import { countOutbox } from '../db/outbox.ts';
import type { Db } from '../db/schema.ts';
import { chooseUnits, type Turns, type WaitingUnit } from './choose-units.ts';
import { decideRoom } from './decide-room.ts';
import { handOut } from './hand-out.ts';
import { listInFlight, listWaitingUnits } from './waiting-units.ts';

export interface DispatcherOptions {
  readonly db: Db;
  readonly producer: Pick<Producer, 'countJobs'>;
}

/**
 * Puts the next few waiting units into the queue, and answers how many. The queue is kept short because it cannot be put in
 * another order: the backlog stays in Postgres, where each round looks anew whose turn it is.
 * @throws AppError `unavailable` when the queue cannot be asked
 */
export type Dispatch = () => Promise<number>;

/** Turns are remembered by this process alone: they only break ties. */
export function createDispatcher({ db, producer }: DispatcherOptions): Dispatch {
  let turns: Turns = new Map();
  return async () => {
    const counts = await producer.countJobs(encodeJob);
    return db.transaction().execute(async (tx) => {
      if (!(await tryLock(tx, 'dispatcher'))) return 0;
      // What was handed out a moment ago may still be on its way to the queue.
      const room = decideRoom({ ...counts, waiting: counts.waiting + (await countOutbox(tx, 'encode')) });
      if (room === 0) return 0;
      const waiting = await listWaitingUnits(tx, room);
      if (waiting.length === 0) return 0;
      const chosen = chooseUnits(waiting, await listInFlight(tx), room, turns);
      await handOut(tx, chosen);
      turns = takeTurns(turns, waiting, chosen);
      return chosen.length;
    });
  };
}

/** Only of those who have something waiting, so that the memory stays as small as they are few. */
function takeTurns(turns: Turns, waiting: readonly WaitingUnit[], chosen: readonly WaitingUnit[]): Turns {
  const idsOf = ({ accountId, assetId }: WaitingUnit): readonly string[] => [accountId, assetId];
  const next = new Map<string, number>();
  for (const id of waiting.flatMap(idsOf)) {
    const turn = turns.get(id);
    if (turn !== undefined) next.set(id, turn);
  }
  let turn = Math.max(0, ...turns.values());
  for (const unit of chosen) {
    turn += 1;
    for (const id of idsOf(unit)) next.set(id, turn);
  }
  return next;
}
