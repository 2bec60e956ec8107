import type { ConsumerState } from './consumer.ts';

/** Tells a consumer that has gone deaf from one that has nothing to do. */
export interface DeafnessWatch {
  /**
   * To be told every few seconds what the consumer does and how many jobs it could take; `undefined` while Redis does not
   * say. True when jobs have been there for the whole limit, the consumer was free for them, and it took none.
   */
  isDeaf(state: ConsumerState, takeable: number | undefined, nowMs: number): boolean;
}

/** After a restart of Redis a BullMQ worker was seen to wait for ever on a dead connection (taskforcesh/bullmq#2466, #2964, #3185). */
export function createDeafnessWatch(limitMs: number): DeafnessWatch {
  let since: number | undefined;
  let takenThen = 0;
  return {
    isDeaf({ taken, isOpen }, takeable, nowMs) {
      if (!isOpen || takeable === undefined || takeable === 0 || taken !== takenThen) since = undefined;
      takenThen = taken;
      if (!isOpen || takeable === undefined || takeable === 0) return false;
      since ??= nowMs;
      return nowMs - since >= limitMs;
    },
  };
}
