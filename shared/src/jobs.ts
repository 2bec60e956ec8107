import { z } from 'zod';
import { assetIdSchema } from './ids.ts';
import { renditionSchema } from './ladder.ts';
import { sourceSchema } from './source.ts';
import { timelineSchema } from './timeline.ts';
import { unitSchema } from './units.ts';

/**
 * One definition each: parsed before it is enqueued and again when it is taken. `key` makes the job id, so that a
 * retry, a double click or the reconciler can never run one piece of work twice at once.
 */
export interface JobDefinition<Payload> {
  /** Also the name of its queue. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Letters, digits, `.`, `-`, `_`: BullMQ refuses `:`. */
  readonly key: (payload: Payload) => string;
  /** 1 is first; jobs without one are first come, first served. */
  readonly priority?: (payload: Payload) => number;
  readonly retry: { readonly attempts: number; readonly backoffMs: number };
}

const workRef = { assetId: assetIdSchema, version: z.number().int().positive() };
const sourceRef = { sourceKey: z.string(), sizeBytes: z.number().int().nonnegative(), sha256: z.string().optional() };

export const probePayloadSchema = z.object({ ...workRef, ...sourceRef });
export const encodePayloadSchema = z.object({
  ...workRef,
  ...sourceRef,
  source: sourceSchema,
  timeline: timelineSchema,
  /** Only the renditions this unit makes. */
  renditions: z.array(renditionSchema).min(1),
  unit: unitSchema,
});
export const posterPayloadSchema = z.object({ ...workRef, ...sourceRef, source: sourceSchema });
/** Whole folders of one asset or upload and nothing wider: a purge can never be pointed at the store's root. */
const purgePrefixSchema = z.string().regex(/^(?:media|sources)\/[0-9a-f]{32}\//);
export const purgePayloadSchema = z.object({ assetId: assetIdSchema, prefixes: z.array(purgePrefixSchema).min(1) });

export const jobErrorSchema = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });

/** What a worker found or made; the origin alone writes it down. */
export const outcomePayloadSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('probed'),
    ...workRef,
    source: sourceSchema,
    timeline: timelineSchema,
    renditions: z.array(renditionSchema),
    units: z.array(unitSchema),
  }),
  z.object({
    kind: z.literal('encoded'),
    ...workRef,
    unitId: z.string(),
    /** Bytes of each segment the unit stored, in order. */
    segments: z.array(z.object({ renditionId: z.string(), sizesBytes: z.array(z.number().int().positive()) })),
  }),
  z.object({ kind: z.literal('poster'), ...workRef }),
  z.object({
    kind: z.literal('failed'),
    ...workRef,
    job: z.enum(['probe', 'encode', 'poster']),
    unitId: z.string().optional(),
    error: jobErrorSchema,
  }),
]);

export type ProbePayload = z.infer<typeof probePayloadSchema>;
export type EncodePayload = z.infer<typeof encodePayloadSchema>;
export type PosterPayload = z.infer<typeof posterPayloadSchema>;
export type PurgePayload = z.infer<typeof purgePayloadSchema>;
export type OutcomePayload = z.infer<typeof outcomePayloadSchema>;
export type JobError = z.infer<typeof jobErrorSchema>;

/** A media error is final at the first attempt (`AppError.isRetryable`); these are for the rest: a store away, a worker lost. */
const WORK_RETRY = { attempts: 5, backoffMs: 1_000 };
/** An outcome must not be lost while the origin or Postgres is away. */
const OUTCOME_RETRY = { attempts: 1_000, backoffMs: 1_000 };

export const probeJob: JobDefinition<ProbePayload> = {
  name: 'probe',
  payload: probePayloadSchema,
  key: ({ assetId, version }) => `${assetId}_${version}`,
  retry: WORK_RETRY,
};

export const encodeJob: JobDefinition<EncodePayload> = {
  name: 'encode',
  payload: encodePayloadSchema,
  key: ({ assetId, version, unit }) => `${assetId}_${version}_${unit.id}`,
  priority: ({ unit }) => unit.priority,
  retry: WORK_RETRY,
};

export const posterJob: JobDefinition<PosterPayload> = {
  name: 'poster',
  payload: posterPayloadSchema,
  key: ({ assetId, version }) => `${assetId}_${version}`,
  retry: WORK_RETRY,
};

export const purgeJob: JobDefinition<PurgePayload> = {
  name: 'purge',
  payload: purgePayloadSchema,
  key: ({ assetId }) => assetId,
  retry: OUTCOME_RETRY,
};

export const outcomeJob: JobDefinition<OutcomePayload> = {
  name: 'outcome',
  payload: outcomePayloadSchema,
  key: (outcome) => [outcome.kind, outcome.assetId, outcome.version, unitIdOf(outcome)].filter(Boolean).join('_'),
  retry: OUTCOME_RETRY,
};

function unitIdOf(outcome: OutcomePayload): string | undefined {
  if (outcome.kind === 'encoded') return outcome.unitId;
  if (outcome.kind === 'failed') return `${outcome.job}${outcome.unitId === undefined ? '' : `_${outcome.unitId}`}`;
  return undefined;
}

/** What the origin may enqueue through its outbox. */
export const WORK_JOBS = { probe: probeJob, encode: encodeJob, poster: posterJob, purge: purgeJob } as const;
export type WorkJobName = keyof typeof WORK_JOBS;
