import { availableParallelism } from 'node:os';
import { type ConsumeTiming, type InterestWatch, URGENT_TIMING } from '@mediaflow/platform/queue';
import { type JobDefinition, type OutcomePayload, type UrgentPayload, WORK_JOBS, type WorkJobName } from '@mediaflow/shared/jobs';
import { handleAnalyze } from './analyze/handler.ts';
import { createAheadGate } from './encode/ahead-gate.ts';
import { handleEncode } from './encode/handler.ts';
import { createUrgentHandler } from './encode/urgent-handler.ts';
import type { Handler } from './handler.ts';
import { handleMeasure } from './measure/handler.ts';
import { handlePoster } from './poster/handler.ts';
import { handleProbe } from './probe/handler.ts';
import { handlePublish } from './publish/handler.ts';
import { handlePurge } from './purge/handler.ts';
import { handleText } from './text/handler.ts';

type FailedOutcome = Extract<OutcomePayload, { kind: 'failed' }>;

/** A kind of job, and how this process does it. */
export interface Registration<Payload> {
  readonly definition: JobDefinition<Payload>;
  readonly handle: Handler<Payload>;
  /** Jobs of this kind at once. Each kind has its own queue, so that a probe never waits behind encodes. */
  readonly concurrency: number;
  /** Whether it writes to the scratch folder: such work is not taken while that is full. */
  readonly needsScratch: boolean;
  /** Patient unless set. */
  readonly timing?: ConsumeTiming;
  /** What to report when no attempt is left; nothing for work that nobody waits for. */
  readonly toFailure?: (payload: Payload) => Omit<FailedOutcome, 'attempts' | 'error'>;
}

type PayloadOf<Name extends WorkJobName> = (typeof WORK_JOBS)[Name] extends JobDefinition<infer Payload> ? Payload : never;
export type Registry = { readonly [Name in WorkJobName]: Registration<PayloadOf<Name>> };

/** Segments for viewers that are taken at once, for each core. Those ahead of a viewer stand at their gate, and nobody waits for a place. */
const URGENT_PER_CORE = 4;

/** What the handlers share. */
export interface RegistryOptions {
  /** Background units at once. */
  readonly units?: number | undefined;
  /** In the urgent jobs. */
  readonly interest: Pick<InterestWatch<UrgentPayload>, 'follow'>;
}

/** Every name in `WORK_JOBS` has its handler here; the type refuses a missing one. */
export function createRegistry({ units = availableParallelism(), interest }: RegistryOptions): Registry {
  return {
    probe: {
      definition: WORK_JOBS.probe,
      handle: handleProbe,
      concurrency: 2,
      needsScratch: true,
      toFailure: (payload) => failureOf('probe', payload),
    },
    encode: {
      definition: WORK_JOBS.encode,
      handle: handleEncode,
      concurrency: units,
      needsScratch: true,
      toFailure: (payload) => ({ ...failureOf('encode', payload), unitId: payload.unit.id, fence: payload.fence }),
    },
    urgent: {
      definition: WORK_JOBS.urgent,
      handle: createUrgentHandler(createAheadGate({ places: Math.max(1, availableParallelism() - 1) }), interest),
      // Whatever background work is allowed: a viewer is not to wait because an operator spares a machine.
      concurrency: URGENT_PER_CORE * availableParallelism(),
      needsScratch: true,
      timing: URGENT_TIMING,
      toFailure: (payload) => ({ ...failureOf('urgent', payload), renditionId: payload.rendition.id, number: payload.number }),
    },
    text: {
      definition: WORK_JOBS.text,
      handle: handleText,
      concurrency: 1,
      needsScratch: true,
      toFailure: (payload) => ({ ...failureOf('text', payload), renditionId: payload.rendition.id }),
    },
    publish: {
      definition: WORK_JOBS.publish,
      handle: handlePublish,
      concurrency: 1,
      needsScratch: false,
      toFailure: (payload) => ({ ...failureOf('publish', payload), number: payload.revision }),
    },
    analyze: {
      definition: WORK_JOBS.analyze,
      handle: handleAnalyze,
      concurrency: 1,
      needsScratch: true,
      toFailure: (payload) => failureOf('analyze', payload),
    },
    measure: {
      definition: WORK_JOBS.measure,
      handle: handleMeasure,
      concurrency: 1,
      needsScratch: true,
      toFailure: (payload) => failureOf('measure', payload),
    },
    poster: {
      definition: WORK_JOBS.poster,
      handle: handlePoster,
      concurrency: 1,
      needsScratch: true,
      toFailure: (payload) => failureOf('poster', payload),
    },
    purge: { definition: WORK_JOBS.purge, handle: handlePurge, concurrency: 1, needsScratch: false },
  };
}

const failureOf = <Job extends FailedOutcome['job']>(job: Job, { assetId, version }: Pick<FailedOutcome, 'assetId' | 'version'>) => ({
  kind: 'failed' as const,
  job,
  assetId,
  version,
});
