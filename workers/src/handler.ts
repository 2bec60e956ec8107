import type { Log } from '@mediaflow/platform/log';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { Staging } from './source/staging.ts';
import type { Workspace } from './workspace.ts';

/** All that a job may touch. */
export interface HandlerContext {
  /** Aborted when the worker stops or lost the job: whatever runs for it must end. */
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly log: Log;
  readonly store: ObjectStore;
  readonly staging: Staging;
  readonly workspace: Workspace;
  /**
   * To be called right before anything is put where others see it. A process that was frozen or cut off learns here that
   * its job was given to another.
   *
   * @throws AppError `worker_lost` when the job is not this worker's any more
   */
  readonly confirmLease: () => Promise<void>;
  /** Resolves once the queue has the outcome; a job is not done before. */
  readonly report: (outcome: OutcomePayload, signal: AbortSignal) => Promise<void>;
}

export type Handler<Payload> = (payload: Payload, context: HandlerContext) => Promise<void>;
