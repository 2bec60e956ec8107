import { z } from 'zod';
import { referrerRulesSchema, userAgentRulesSchema } from './api.ts';
import { externalMediaSchema } from './external/external-media.ts';
import { accountIdSchema, assetIdSchema, playbackIdSchema, playbackRestrictionIdSchema, signingKeyIdSchema, tokenIdSchema } from './ids.ts';
import { scopeSchema } from './scopes.ts';
import { timelineSchema } from './timeline.ts';
import { SIGNING_ALGORITHMS } from './token.ts';

/**
 * What the edge and the launcher ask of the origin, under a `service` principal. Never reachable without one, and not
 * part of the public API.
 *
 * ```
 * POST /internal/credentials            CredentialQuery -> CredentialAnswer, 401 when wrong or revoked
 * GET  /internal/tokens/{id}/sessions/{session}     -> CredentialAnswer, 404 when the token is unknown or revoked, or the user session signed out
 * DELETE /internal/tokens/{id}/sessions/{session}  signs a user session out, 204
 * GET  /internal/playback-ids/{id}      -> PlaybackAnswer, 404 when unknown
 * GET  /internal/signing-keys/{kid}     -> SigningKeyAnswer, 404 when unknown
 * GET  /internal/playback-restrictions/{id} -> PlaybackRestrictionAnswer, 404 when unknown
 * GET  /internal/objects/{key}          the bytes (HEAD, Range), 404 when absent
 * GET  /internal/revocations?after=   -> RevocationPage: what has been revoked or lifted since a cursor; without one, all that is revoked
 * POST /internal/segments               SegmentQuery -> SegmentAnswer: makes a media object that is not stored, and waits for it
 * GET  /internal/segments/{key}         -> SegmentAnswer of one that is not stored, which nothing is done about: pending or unknown
 * POST /internal/bootstrap              -> BootstrapAnswer: a new account with a token and a signing key
 * ```
 */
export const credentialQuerySchema = z.object({
  token_id: tokenIdSchema,
  /** SHA-256 of the secret in hex: the secret itself stops at the edge. */
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export const credentialAnswerSchema = z.object({ token_id: tokenIdSchema, account_id: accountIdSchema, scopes: z.array(scopeSchema) });

/** Names a user session of the dashboard. */
export const userSessionIdSchema = z.string().regex(/^[0-9a-f]{32}$/);
/** Longest life of a user session, and so of the note that it was signed out. */
export const USER_SESSION_SECONDS = 12 * 3600;

export const playbackAnswerSchema = z.object({
  playback_id: playbackIdSchema,
  policy: z.enum(['public', 'signed']),
  account_id: accountIdSchema,
  asset_id: assetIdSchema,
  /** Media version to play; absent while there is no timeline. */
  version: z.number().int().positive().optional(),
  /** Revision of the manifests that counts. */
  playlist_revision: z.number().int().nonnegative().default(0),
  duration_ms: z.number().positive().optional(),
  /** The grid of the segments; absent as long as there is none. */
  timeline: timelineSchema.optional(),
  /** Of an asset whose files a customer put into the bucket. */
  external: externalMediaSchema.optional(),
  status: z.enum(['preparing', 'playable', 'ready', 'errored']),
});

export const signingKeyAnswerSchema = z.object({
  id: signingKeyIdSchema,
  account_id: accountIdSchema,
  algorithm: z.enum(SIGNING_ALGORITHMS),
  /** The public key as a JWK (RFC 7517). */
  public_jwk: z.record(z.string(), z.unknown()),
});

/**
 * A page of the feed of revocations. Entries may come again, and are then the same or newer; none is ever left out. `next_cursor` goes
 * on from here: at once with `has_more`, otherwise whenever one wants to know what is new.
 */
export const revocationPageSchema = z.object({
  entries: z.array(
    z.object({
      /** As `shared/src/revocation.ts` makes it. */
      name: z.string(),
      /** Unix seconds after which it is of no use; absent for one that stands. */
      expires_at: z.number().optional(),
      is_lifted: z.literal(true).optional(),
    }),
  ),
  next_cursor: z.string(),
  has_more: z.boolean(),
});

export const playbackRestrictionAnswerSchema = z.object({
  id: playbackRestrictionIdSchema,
  account_id: accountIdSchema,
  referrer: referrerRulesSchema,
  user_agent: userAgentRulesSchema,
});

/** Longest wait for one object; after it a player is told when to come again. */
export const MAX_SEGMENT_WAIT_MS = 15_000;
export const segmentQuerySchema = z.object({
  key: z.string(),
  /** How long the caller will wait for the object to be made. */
  wait_ms: z.number().int().min(0).max(MAX_SEGMENT_WAIT_MS).default(0),
});
/** `stored`: it is there now. `pending`: still being made when the wait was over. `unknown`: no playlist names it. */
export const segmentAnswerSchema = z.object({
  state: z.enum(['stored', 'pending', 'unknown']),
  retry_after_seconds: z.number().int().positive().optional(),
});

export const bootstrapAnswerSchema = z.object({
  account_id: accountIdSchema,
  token_id: tokenIdSchema,
  token_secret: z.string(),
  signing_key_id: signingKeyIdSchema,
  /** Base64 of a PKCS#8 PEM, as Mux hands out. */
  signing_private_key: z.string(),
});

export type CredentialAnswer = z.infer<typeof credentialAnswerSchema>;
export type PlaybackAnswer = z.infer<typeof playbackAnswerSchema>;
export type SigningKeyAnswer = z.infer<typeof signingKeyAnswerSchema>;
export type PlaybackRestrictionAnswer = z.infer<typeof playbackRestrictionAnswerSchema>;
export type SegmentAnswer = z.infer<typeof segmentAnswerSchema>;
export type RevocationPage = z.infer<typeof revocationPageSchema>;
export type BootstrapAnswer = z.infer<typeof bootstrapAnswerSchema>;
