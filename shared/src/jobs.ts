import { z } from 'zod';
import { assetIdSchema } from './ids.ts';
import { renditionSchema, SECOND_CODECS, textRenditionSchema, VIDEO_QUALITIES } from './rendition.ts';
import { sourceSchema, warningSchema } from './source.ts';
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
  readonly retry: RetryPolicy;
}

/** Errors that are final (`AppError.isRetryable`) are tried once, whatever stands here. */
export interface RetryPolicy {
  /** The first try included. */
  readonly attempts: number;
  /** Before the second; doubled from one to the next, about half of it chance. */
  readonly backoffMs: number;
  /** Two minutes unless set. */
  readonly longestBackoffMs?: number;
  /** Instead of `attempts` where nothing is wrong with the work itself (`AppError.isOutage`). */
  readonly outageAttempts?: number;
}

const workRef = { assetId: assetIdSchema, version: z.number().int().positive() };
const sourceRef = { sourceKey: z.string(), sizeBytes: z.number().int().nonnegative(), sha256: z.string().optional() };
const mediaRef = { ...workRef, ...sourceRef, source: sourceSchema, timeline: timelineSchema };

export const probePayloadSchema = z.object({
  ...workRef,
  ...sourceRef,
  quality: z.enum(VIDEO_QUALITIES).default('plus'),
  /** Encoded after H.264, for players that take it. */
  secondCodec: z.enum(SECOND_CODECS).optional(),
});
export const encodePayloadSchema = z.object({
  ...mediaRef,
  /** Only the renditions this unit makes. */
  renditions: z.array(renditionSchema).min(1),
  unit: unitSchema,
  /** Fencing token: grows each time the unit is handed out anew. What an older one stored counts, for it is stored; its failure does not. */
  fence: z.number().int().positive(),
});
/** One segment that a viewer waits for, or soon will. */
export const urgentPayloadSchema = z.object({
  ...mediaRef,
  rendition: renditionSchema,
  number: z.number().int().nonnegative(),
  /** False: somebody waits for it. True: it follows one that somebody waited for. */
  isAhead: z.boolean(),
});
/** Takes one subtitle track out of the source, all its segments at once. */
export const textPayloadSchema = z.object({ ...mediaRef, rendition: textRenditionSchema });
export const posterPayloadSchema = z.object({ ...workRef, ...sourceRef, source: sourceSchema });

/** What is known of a rendition of which every segment is stored. */
export const measuredRenditionSchema = z.object({
  renditionId: z.string(),
  /** Largest segment's and whole rendition's bits over their duration. */
  peakBitrateBps: z.number().int().positive(),
  averageBitrateBps: z.number().int().positive(),
  /** Bytes of each video segment from its start to the end of its first picture: what an I-frame playlist names. */
  keyframeBytes: z.array(z.number().int().positive()).optional(),
});
/** Writes the manifests of one revision, and the I-frame playlists of what is measured. */
export const publishPayloadSchema = z.object({
  ...workRef,
  revision: z.number().int().nonnegative(),
  timeline: timelineSchema,
  /** Those that this revision lists, in the manifest's order. */
  renditions: z.array(renditionSchema).min(1),
  measured: z.array(measuredRenditionSchema),
});
/** Premium: trial encodes choose rungs and quality factors. */
export const analyzePayloadSchema = z.object({
  ...mediaRef,
  renditions: z.array(renditionSchema).min(1),
  secondCodec: z.enum(SECOND_CODECS).optional(),
});
/** Compares stored segments with the source. */
export const measurePayloadSchema = z.object({ ...mediaRef, renditions: z.array(renditionSchema).min(1) });
/** Whole folders of one asset or upload and nothing wider: a purge can never be pointed at the store's root. */
const purgePrefixSchema = z.string().regex(/^(?:media|sources)\/[0-9a-f]{32}\//);
export const purgePayloadSchema = z.object({ assetId: assetIdSchema, prefixes: z.array(purgePrefixSchema).min(1) });

export const jobErrorSchema = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });

/** Structural similarity of a rung to the source scaled to its size (Wang et al. 2004; 1 is the same), over sampled segments. */
export const rungQualitySchema = z.object({
  renditionId: z.string(),
  ssim: z.number().min(0).max(1),
  sampledSegments: z.number().int().positive(),
});
/** What trial encodes of premium found: bits for the same SSIM as plus would have. */
export const savingSchema = z.object({
  renditionId: z.string(),
  ssim: z.number().min(0).max(1),
  premiumBitrateBps: z.number().int().positive(),
  /** Of plus at the same SSIM, interpolated between its trial encodes. */
  plusBitrateBps: z.number().int().positive(),
});
export type RungQuality = Readonly<z.infer<typeof rungQualitySchema>>;
export type Saving = Readonly<z.infer<typeof savingSchema>>;

/** Consecutive segments of one rendition that are in the store now. */
export const storedSegmentsSchema = z.object({
  renditionId: z.string(),
  firstSegment: z.number().int().nonnegative(),
  sizesBytes: z.array(z.number().int().positive()),
  /** Video only, as in `measuredRenditionSchema`. */
  keyframeBytes: z.array(z.number().int().positive()).optional(),
});
export type StoredSegments = Readonly<z.infer<typeof storedSegmentsSchema>>;

/** What a worker found or made; the origin alone writes it down. */
export const outcomePayloadSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('probed'),
    ...workRef,
    source: sourceSchema,
    timeline: timelineSchema,
    renditions: z.array(renditionSchema),
    units: z.array(unitSchema),
    /** Premium: more renditions follow from `analyzed`. */
    isAnalysisDue: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('stored'),
    ...workRef,
    segments: z.array(storedSegmentsSchema).min(1),
    /** The background unit that this finishes; absent for urgent segments. */
    unit: z.object({ id: z.string(), fence: z.number().int().positive() }).optional(),
    /** Pictures of the source in the encoded window, and how many of them were damaged or missing. */
    pictures: z.object({ total: z.number().int().nonnegative(), damaged: z.number().int().nonnegative() }).optional(),
  }),
  z.object({
    kind: z.literal('extracted'),
    ...workRef,
    renditionId: z.string(),
    cueCount: z.number().int().nonnegative(),
    warnings: z.array(warningSchema),
  }),
  z.object({ kind: z.literal('published'), ...workRef, revision: z.number().int().nonnegative() }),
  z.object({
    kind: z.literal('analyzed'),
    ...workRef,
    /** All renditions of the asset from now on, those planned before included. */
    renditions: z.array(renditionSchema).min(1),
    /** For the renditions that are new. */
    units: z.array(unitSchema),
    savings: z.array(savingSchema),
  }),
  z.object({ kind: z.literal('measured'), ...workRef, rungs: z.array(rungQualitySchema) }),
  z.object({ kind: z.literal('poster'), ...workRef }),
  z.object({
    kind: z.literal('failed'),
    ...workRef,
    job: z.enum(['probe', 'encode', 'urgent', 'text', 'publish', 'analyze', 'measure', 'poster']),
    /** The unit's, or the rendition's where the job was for one. */
    unitId: z.string().optional(),
    renditionId: z.string().optional(),
    /** The segment's; the revision's where the job was to publish one. */
    number: z.number().int().nonnegative().optional(),
    fence: z.number().int().positive().optional(),
    attempts: z.number().int().positive().optional(),
    error: jobErrorSchema,
  }),
]);

export type ProbePayload = z.infer<typeof probePayloadSchema>;
export type EncodePayload = z.infer<typeof encodePayloadSchema>;
export type UrgentPayload = z.infer<typeof urgentPayloadSchema>;
export type TextPayload = z.infer<typeof textPayloadSchema>;
export type PublishPayload = z.infer<typeof publishPayloadSchema>;
export type AnalyzePayload = z.infer<typeof analyzePayloadSchema>;
export type MeasurePayload = z.infer<typeof measurePayloadSchema>;
export type MeasuredRendition = Readonly<z.infer<typeof measuredRenditionSchema>>;
export type PosterPayload = z.infer<typeof posterPayloadSchema>;
export type PurgePayload = z.infer<typeof purgePayloadSchema>;
export type OutcomePayload = z.infer<typeof outcomePayloadSchema>;
export type JobError = z.infer<typeof jobErrorSchema>;

/** A crash of ffmpeg is final after 15 s; a store away or a disk full is waited for, 26 minutes at most. */
const WORK_RETRY: RetryPolicy = { attempts: 5, backoffMs: 1_000, outageAttempts: 20 };
/** An outcome must not be lost while the origin or Postgres is away, and is wanted as soon as they are back. */
const OUTCOME_RETRY: RetryPolicy = { attempts: 10_000, backoffMs: 1_000, longestBackoffMs: 15_000 };

export const probeJob: JobDefinition<ProbePayload> = {
  name: 'probe',
  payload: probePayloadSchema,
  key: ({ assetId, version }) => `${assetId}_${version}`,
  retry: WORK_RETRY,
};

/** The dispatcher decides the order and hands out few at a time, so this queue is first come, first served. */
export const encodeJob: JobDefinition<EncodePayload> = {
  name: 'encode',
  payload: encodePayloadSchema,
  key: ({ assetId, version, unit, fence }) => `${assetId}_${version}_${unit.id}_${fence}`,
  retry: WORK_RETRY,
};

/** A queue of its own, so that no background work stands before a viewer. */
export const urgentJob: JobDefinition<UrgentPayload> = {
  name: 'urgent',
  payload: urgentPayloadSchema,
  key: ({ assetId, version, rendition, number }) => `${assetId}_${version}_${rendition.id}_${number}`,
  priority: ({ isAhead }) => (isAhead ? 2 : 1),
  retry: { attempts: 3, backoffMs: 200 },
};

const ofRendition = ({ assetId, version, rendition }: { assetId: string; version: number; rendition: { id: string } }): string =>
  `${assetId}_${version}_${rendition.id}`;

export const textJob: JobDefinition<TextPayload> = { name: 'text', payload: textPayloadSchema, key: ofRendition, retry: WORK_RETRY };

export const publishJob: JobDefinition<PublishPayload> = {
  name: 'publish',
  payload: publishPayloadSchema,
  key: ({ assetId, version, revision }) => `${assetId}_${version}_${revision}`,
  retry: WORK_RETRY,
};

export const analyzeJob: JobDefinition<AnalyzePayload> = {
  name: 'analyze',
  payload: analyzePayloadSchema,
  key: ({ assetId, version }) => `${assetId}_${version}`,
  retry: WORK_RETRY,
};

export const measureJob: JobDefinition<MeasurePayload> = {
  name: 'measure',
  payload: measurePayloadSchema,
  key: ({ assetId, version }) => `${assetId}_${version}`,
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
  key: (outcome) => [outcome.kind, outcome.assetId, outcome.version, ...detailsOf(outcome)].filter((part) => part !== undefined).join('_'),
  retry: OUTCOME_RETRY,
};

/** What tells an outcome from others of its kind and asset. */
function detailsOf(outcome: OutcomePayload): readonly (string | number | undefined)[] {
  switch (outcome.kind) {
    case 'stored':
      return outcome.unit === undefined
        ? outcome.segments.flatMap(({ renditionId, firstSegment }) => [renditionId, firstSegment])
        : [outcome.unit.id, outcome.unit.fence];
    case 'extracted':
      return [outcome.renditionId];
    case 'published':
      return [outcome.revision];
    case 'failed':
      return [outcome.job, outcome.unitId, outcome.renditionId, outcome.number, outcome.fence];
    default:
      return [];
  }
}

/** What the origin may enqueue through its outbox. */
export const WORK_JOBS = {
  probe: probeJob,
  encode: encodeJob,
  urgent: urgentJob,
  text: textJob,
  publish: publishJob,
  analyze: analyzeJob,
  measure: measureJob,
  poster: posterJob,
  purge: purgeJob,
} as const;
export type WorkJobName = keyof typeof WORK_JOBS;
