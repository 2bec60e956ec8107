import { availableParallelism } from 'node:os';
import type { JobDefinition, OutcomePayload, WorkJobName } from '@mediaflow/shared/jobs';
import { WORK_JOBS } from '@mediaflow/shared/jobs';
import { handleEncode } from './encode/handler.ts';
import type { Handler } from './handler.ts';
import { handlePoster } from './poster/handler.ts';
import { handleProbe } from './probe/handler.ts';
import { handlePurge } from './purge/handler.ts';

type FailedOutcome = Extract<OutcomePayload, { kind: 'failed' }>;

/** A kind of job, and how this process does it. */
export interface Registration<Payload> {
  readonly definition: JobDefinition<Payload>;
  readonly handle: Handler<Payload>;
  /** Jobs of this kind at once. Each kind has its own queue, so that a probe never waits behind encodes. */
  readonly concurrency: number;
  /** What to report when no attempt is left; nothing for work that nobody waits for. */
  readonly toFailure?: (payload: Payload) => Omit<FailedOutcome, 'error'>;
}

type PayloadOf<Name extends WorkJobName> = (typeof WORK_JOBS)[Name] extends JobDefinition<infer Payload> ? Payload : never;
export type Registry = { readonly [Name in WorkJobName]: Registration<PayloadOf<Name>> };

/** Every name in `WORK_JOBS` has its handler here; the type refuses a missing one. */
export const createRegistry = (encodeConcurrency = availableParallelism()) =>
  ({
    probe: {
      definition: WORK_JOBS.probe,
      handle: handleProbe,
      concurrency: 2,
      toFailure: ({ assetId, version }) => ({ kind: 'failed', job: 'probe', assetId, version }),
    },
    encode: {
      definition: WORK_JOBS.encode,
      handle: handleEncode,
      concurrency: encodeConcurrency,
      toFailure: ({ assetId, version, unit }) => ({ kind: 'failed', job: 'encode', assetId, version, unitId: unit.id }),
    },
    poster: {
      definition: WORK_JOBS.poster,
      handle: handlePoster,
      concurrency: 1,
      toFailure: ({ assetId, version }) => ({ kind: 'failed', job: 'poster', assetId, version }),
    },
    purge: { definition: WORK_JOBS.purge, handle: handlePurge, concurrency: 1 },
  }) satisfies Registry;
