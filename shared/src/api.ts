import { z } from 'zod';
import { normalizeDomainPattern } from './domain-pattern.ts';
import { externalMediaSchema } from './external/external-media.ts';
import { assetIdSchema, playbackIdSchema, playbackRestrictionIdSchema, signingKeyIdSchema, tokenIdSchema, uploadIdSchema } from './ids.ts';
import { VIDEO_QUALITIES } from './rendition.ts';
import { revocableObjectSchema } from './revocation.ts';
import { scopeSchema, scopesSchema } from './scopes.ts';
import { SIGNING_ALGORITHMS } from './token.ts';

/**
 * The management API in Mux's names and shapes. Times are strings of Unix seconds; an absent optional field is left
 * out, never null. Unknown fields in a request pass: Mux's SDKs send options that a later version may honour.
 */
export const policySchema = z.enum(['public', 'signed']);
export type PlaybackPolicy = z.infer<typeof policySchema>;

const metaSchema = z.object({
  title: z.string().max(512).optional(),
  creator_id: z.string().max(128).optional(),
  external_id: z.string().max(128).optional(),
});

/** One policy may stand without its list. */
const policiesSchema = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(policySchema).max(10));

export const newAssetSettingsSchema = z.object({
  playback_policies: policiesSchema.optional(),
  /** The older spelling, singular in Mux's API of 2023 and before. */
  playback_policy: policiesSchema.optional(),
  passthrough: z.string().max(255).optional(),
  meta: metaSchema.optional(),
  video_quality: z.enum(VIDEO_QUALITIES).optional(),
  /** The older spelling in Mux's API. */
  encoding_tier: z.enum(['baseline', 'smart', 'premium']).optional(),
});
export type NewAssetSettings = z.infer<typeof newAssetSettingsSchema>;

export const createUploadSchema = z.object({
  new_asset_settings: newAssetSettingsSchema.optional(),
  /** Seconds the upload stays open without a byte arriving; Mux's bounds and default. */
  timeout: z.number().int().min(60).max(604_800).default(3600),
  /** Browser origin that may send the bytes; every origin when absent. */
  cors_origin: z.string().max(255).optional(),
});

/** One input may stand without its list, and a URL for an input. */
const inputsSchema = z.preprocess(
  (value) => [value].flat().map((input) => (typeof input === 'string' ? { url: input } : input)),
  z.tuple([
    z.object({
      url: z.string().max(2048),
      /** Ours: folder that holds all files, where that is not the manifest's own. */
      prefix: z.string().max(1024).optional(),
    }),
  ]),
);

export const createAssetSchema = newAssetSettingsSchema
  .extend({
    inputs: inputsSchema.optional(),
    /** The older spelling. */
    input: inputsSchema.optional(),
  })
  .transform(({ inputs, input, ...settings }, context) => {
    const [file] = inputs ?? input ?? [];
    if (file !== undefined) return { file, settings };
    context.addIssue({ code: 'custom', path: ['inputs'], message: 'expected one input' });
    return z.NEVER;
  });

export const updateAssetSchema = z.object({ passthrough: z.string().max(255).optional(), meta: metaSchema.optional() });
export const createPlaybackIdSchema = z.object({ policy: policySchema.default('signed') });
export const createSigningKeySchema = z.object({ algorithm: z.enum(SIGNING_ALGORITHMS).default('RS256') });

/** A list is taken as it stands in the request: an empty one denies every site, `*` allows every one. */
const domainSchema = z.string().transform((text, context) => {
  const pattern = normalizeDomainPattern(text);
  if (pattern !== undefined) return pattern;
  context.addIssue('expected a domain, a wildcard (*.example.com, **.example.com) or *');
  return z.NEVER;
});
/** Both with Mux's defaults. */
export const referrerRulesSchema = z.object({
  allowed_domains: z.array(domainSchema).max(10),
  allow_no_referrer: z.boolean().default(false),
});
export const userAgentRulesSchema = z.object({
  allow_no_user_agent: z.boolean().default(true),
  allow_high_risk_user_agent: z.boolean().default(true),
});
export const createPlaybackRestrictionSchema = z.object({
  referrer: referrerRulesSchema,
  user_agent: userAgentRulesSchema.prefault({}),
});

/** Ours: ends one session, or all that a playback id, a signing key or an asset has opened. */
export const createRevocationSchema = z.object({ object: revocableObjectSchema });
export const createApiTokenSchema = z.object({
  name: z.string().min(1).max(100).default('API token'),
  /** At most those of the token that asks, and these when absent. */
  scopes: scopesSchema.optional(),
});
/** Ours: a playback token issued by the installation, for dashboards and small sites without a signer. */
export const createPlaybackTokenSchema = z.object({
  type: z.enum(['video', 'thumbnail', 'gif', 'storyboard']).default('video'),
  /** Seconds of life. */
  expires_in: z.number().int().min(1).max(604_800).default(3600),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

export const uploadStatusSchema = z.enum(['waiting', 'asset_created', 'errored', 'cancelled', 'timed_out']);
export const assetStatusSchema = z.enum(['preparing', 'ready', 'errored']);

const errorSchema = z.object({ type: z.string(), messages: z.array(z.string()) });
const timeSchema = z.string().regex(/^\d+$/);

export const uploadSchema = z.object({
  id: uploadIdSchema,
  /** Where the bytes go; carries the grant. Takes TUS 1.0 creation; left out once the upload is over. */
  url: z.string().optional(),
  timeout: z.number().int(),
  status: uploadStatusSchema,
  cors_origin: z.string().optional(),
  new_asset_settings: newAssetSettingsSchema.optional(),
  asset_id: assetIdSchema.optional(),
  error: z.object({ type: z.string(), message: z.string() }).optional(),
});

export const playbackIdObjectSchema = z.object({ id: playbackIdSchema, policy: policySchema });

export const trackSchema = z.object({
  id: z.string(),
  type: z.enum(['video', 'audio', 'text']),
  duration: z.number().optional(),
  max_width: z.number().int().optional(),
  max_height: z.number().int().optional(),
  max_frame_rate: z.number().optional(),
  max_channels: z.number().int().optional(),
  language_code: z.string().optional(),
  primary: z.boolean().optional(),
  /** Text tracks, as Mux names them. */
  name: z.string().optional(),
  text_type: z.literal('subtitles').optional(),
  text_source: z.literal('embedded').optional(),
  status: z.enum(['preparing', 'ready', 'errored']).optional(),
});

/** `GET /video/v1/assets/{id}/quality`. `preparing`: the comparison with the source is still being made. */
export const assetQualitySchema = z.object({
  status: z.enum(['preparing', 'ready', 'errored']),
  video_quality: z.enum(VIDEO_QUALITIES),
  rungs: z.array(
    z.object({
      id: z.string(),
      codec: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      /** Of the stored segments; absent until all are. */
      average_bitrate_bps: z.number().int().optional(),
      peak_bitrate_bps: z.number().int().optional(),
      /** Against the source scaled to the rung's size, over sampled segments. */
      ssim: z.number().optional(),
      sampled_segments: z.number().int().optional(),
    }),
  ),
  /** Premium only: bits against plus at equal SSIM, from the trial encodes. */
  savings: z
    .array(
      z.object({
        id: z.string(),
        ssim: z.number(),
        premium_bitrate_bps: z.number().int(),
        plus_bitrate_bps: z.number().int(),
        saved_percent: z.number(),
      }),
    )
    .optional(),
});

/** `GET /system/v1/dead-letters`: a job that was given up. */
export const deadLetterSchema = z.object({
  id: z.string(),
  job: z.string(),
  asset_id: assetIdSchema.optional(),
  error: z.object({ type: z.string(), message: z.string() }),
  attempts: z.number().int().optional(),
  /** Of the process that failed, when there was one. */
  argv: z.string().optional(),
  exit_code: z.number().int().optional(),
  signal: z.string().optional(),
  stderr_tail: z.string().optional(),
  created_at: timeSchema,
  replayed_at: timeSchema.optional(),
});

/** Fields up to `status` are the ones every Asset of Mux's SDK types must have (vendor facts, 14). */
export const assetSchema = z.object({
  id: assetIdSchema,
  created_at: timeSchema,
  encoding_tier: z.enum(['smart', 'baseline', 'premium']),
  master_access: z.enum(['none', 'temporary']),
  max_resolution_tier: z.enum(['1080p', '1440p', '2160p']),
  progress: z.object({
    state: z.enum(['ingesting', 'transcoding', 'completed', 'errored']),
    /** Per cent of the ladder's segments that are stored. */
    progress: z.number().min(0).max(100),
    /** Ours: seconds until the whole ladder is stored, at the pace so far. */
    eta_seconds: z.number().int().nonnegative().optional(),
  }),
  status: assetStatusSchema,
  video_quality: z.enum(VIDEO_QUALITIES),
  duration: z.number().optional(),
  aspect_ratio: z.string().optional(),
  resolution_tier: z.enum(['audio-only', '720p', '1080p', '1440p', '2160p']).optional(),
  max_stored_frame_rate: z.number().optional(),
  playback_ids: z.array(playbackIdObjectSchema).optional(),
  tracks: z.array(trackSchema).optional(),
  errors: errorSchema.optional(),
  /** Ours: what was wrong with the file although it plays. */
  warnings: z.array(z.object({ type: z.string(), message: z.string() })).optional(),
  upload_id: uploadIdSchema.optional(),
  ingest_type: z.literal('on_demand_direct_upload').optional(),
  passthrough: z.string().optional(),
  meta: metaSchema.optional(),
  // MediaFlow's own.
  kind: z.enum(['video', 'audio', 'image']).optional(),
  playable_at: timeSchema.optional(),
  source: z.object({ sha256: z.string().optional(), size: z.string() }).optional(),
  /** Playlists and media that the customer put into the bucket. */
  external: externalMediaSchema.optional(),
});

export const signingKeySchema = z.object({
  id: signingKeyIdSchema,
  created_at: timeSchema,
  algorithm: z.enum(SIGNING_ALGORITHMS),
  /** Base64 of a PKCS#8 PEM; only in the answer that creates the key. */
  private_key: z.string().optional(),
});

export const playbackRestrictionSchema = z.object({
  id: playbackRestrictionIdSchema,
  created_at: timeSchema,
  updated_at: timeSchema,
  referrer: referrerRulesSchema,
  user_agent: userAgentRulesSchema,
});

export const apiTokenSchema = z.object({
  id: tokenIdSchema,
  name: z.string(),
  scopes: z.array(scopeSchema),
  created_at: timeSchema,
  /** Only in the answer that creates the token. */
  secret: z.string().optional(),
});

export const whoamiSchema = z.object({
  /** Mux's names for the organisation and the environment, which here are one account. */
  organization_id: z.string(),
  organization_name: z.string(),
  environment_id: z.string(),
  environment_name: z.string(),
  environment_type: z.literal('production'),
  access_token_id: tokenIdSchema,
  access_token_name: z.string(),
  /** The token's scopes. */
  permissions: z.array(z.string()),
  account_id: z.string(),
});

export const revocationSchema = z.object({
  id: z.string(),
  object: revocableObjectSchema,
  created_at: timeSchema,
  /** When it is of no use any more and goes; absent for one that stands until it is lifted. */
  expires_at: timeSchema.optional(),
});

export const playbackTokenSchema = z.object({ token: z.string(), expires_at: timeSchema, url: z.string() });

/** `GET /ready`: one line for each dependency. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'unavailable']),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), error: z.string().optional() })),
});
export type Readiness = z.infer<typeof readinessSchema>;

export type AssetQuality = z.infer<typeof assetQualitySchema>;
export type DeadLetter = z.infer<typeof deadLetterSchema>;
export type Upload = z.infer<typeof uploadSchema>;
export type Asset = z.infer<typeof assetSchema>;
export type PlaybackIdObject = z.infer<typeof playbackIdObjectSchema>;
export type SigningKey = z.infer<typeof signingKeySchema>;
export type PlaybackRestriction = z.infer<typeof playbackRestrictionSchema>;
export type ApiToken = z.infer<typeof apiTokenSchema>;
export type Whoami = z.infer<typeof whoamiSchema>;
export type Revocation = z.infer<typeof revocationSchema>;
export type PlaybackToken = z.infer<typeof playbackTokenSchema>;

/** Lists take `limit`, `page` and, for assets, `cursor`. A page past the end is an empty list, never an error. */
export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  cursor: z.string().max(200).optional(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;
