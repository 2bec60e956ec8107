import { readinessSchema } from '@mediaflow/shared/api';
import type { ResolvedRange } from '@mediaflow/shared/byte-range';
import { AppError } from '@mediaflow/shared/errors';
import {
  type CredentialAnswer,
  credentialAnswerSchema,
  MAX_SEGMENT_WAIT_MS,
  type PlaybackAnswer,
  type PlaybackRestrictionAnswer,
  playbackAnswerSchema,
  playbackRestrictionAnswerSchema,
  type RevocationPage,
  revocationPageSchema,
  type SegmentAnswer,
  type SigningKeyAnswer,
  segmentAnswerSchema,
  signingKeyAnswerSchema,
} from '@mediaflow/shared/internal';
import { PRINCIPAL_HEADER, signPrincipal } from '@mediaflow/shared/principal';
import type { HmacKey } from '@mediaflow/shared/signed';
import type { z } from 'zod';
import type { Caller } from './context.ts';
import { type Clock, nowSeconds } from './ports.ts';
import { stringifyRange } from './range.ts';

/**
 * What the edge asks of the origin (`shared/src/internal.ts`). Undefined is the origin's "there is none"; an origin that
 * is away, slow or failing throws `AppError('unavailable')`.
 */
export interface OriginClient {
  checkCredential(tokenId: string, secretSha256: string): Promise<CredentialAnswer | undefined>;
  getUserSession(tokenId: string, sessionId: string): Promise<CredentialAnswer | undefined>;
  endUserSession(tokenId: string, sessionId: string): Promise<void>;
  getPlayback(playbackId: string): Promise<PlaybackAnswer | undefined>;
  getSigningKey(kid: string): Promise<SigningKeyAnswer | undefined>;
  /** A page of the feed of revocations, after a cursor or from the beginning. */
  getRevocations(after: string | undefined): Promise<RevocationPage>;
  getPlaybackRestriction(id: string): Promise<PlaybackRestrictionAnswer | undefined>;
  /** Has a media object that is not stored made, and waits for it as long as the origin does, or until `signal` says that nobody does. */
  makeObject(key: string, signal: AbortSignal): Promise<SegmentAnswer>;
  /** Whether it would have an object made that is not stored. Nothing is made for the question. */
  canMake(key: string): Promise<boolean>;
  /** The answer as it comes, body unread. Statuses other than 200, for a range 206, and 404 throw. */
  fetchObject(key: string, method: 'GET' | 'HEAD', range?: ResolvedRange): Promise<Response>;
  /** Passes a management call on under the caller's principal. Any status is an answer. */
  forward(request: Request, caller: Caller): Promise<Response>;
  /** Names of the origin's dependencies that are not ready. */
  findFaults(): Promise<readonly string[]>;
}

export interface OriginClientOptions {
  readonly originUrl: string;
  readonly principalKey: HmacKey;
  readonly clock: Clock;
  readonly fetch: (request: Request) => Promise<Response>;
}

interface PostOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Until the answer's headers; bodies may stream for as long as they like. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Viewers may be waiting for it who would play on from the cache. */
const REVOCATIONS_TIMEOUT_MS = 3_000;
/** The origin holds this answer back until the object is there. */
export const MAKE_TIMEOUT_MS = MAX_SEGMENT_WAIT_MS + 5_000;
const RETRY_AFTER_SECONDS = 2;

export function createOriginClient({ originUrl, principalKey, clock, fetch }: OriginClientOptions): OriginClient {
  const send = async (request: Request, timeoutMs = HEADERS_TIMEOUT_MS): Promise<Response> => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      return await fetch(new Request(request, { signal: AbortSignal.any([abort.signal, request.signal]), redirect: 'manual' }));
    } catch (cause) {
      throw cause instanceof AppError ? cause : away(cause);
    } finally {
      clearTimeout(timer);
    }
  };

  const callInternal = async (path: string, init: RequestInit = {}, timeoutMs?: number): Promise<Response> => {
    const principal = await signPrincipal(principalKey, { kind: 'service', name: 'edge' }, nowSeconds(clock));
    const headers = new Headers(init.headers);
    headers.set(PRINCIPAL_HEADER, principal);
    return send(new Request(`${originUrl}/internal/${path}`, { ...init, headers }), timeoutMs);
  };

  const getJson = async <T>(schema: z.ZodType<T>, path: string, timeoutMs?: number): Promise<T | undefined> =>
    readJson(schema, await callInternal(path, {}, timeoutMs), [404]);

  const postJson = (path: string, body: unknown, { timeoutMs, signal }: PostOptions = {}): Promise<Response> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...(signal && { signal }) };
    return callInternal(path, init, timeoutMs);
  };

  return {
    async checkCredential(tokenId, secretSha256) {
      const response = await postJson('credentials', { token_id: tokenId, secret_sha256: secretSha256 });
      return readJson(credentialAnswerSchema, response, [401]);
    },
    getUserSession: (tokenId, sessionId) => getJson(credentialAnswerSchema, `tokens/${tokenId}/sessions/${sessionId}`),
    async endUserSession(tokenId, sessionId) {
      const response = await callInternal(`tokens/${tokenId}/sessions/${sessionId}`, { method: 'DELETE' });
      if (!response.ok) await refuse(response);
    },
    getPlayback: (playbackId) => getJson(playbackAnswerSchema, `playback-ids/${playbackId}`),
    getSigningKey: (kid) => getJson(signingKeyAnswerSchema, `signing-keys/${kid}`),
    async getRevocations(after) {
      const query = after === undefined ? '' : `?after=${after}`;
      const page = await getJson(revocationPageSchema, `revocations${query}`, REVOCATIONS_TIMEOUT_MS);
      if (page === undefined) throw away(new Error('the origin has no feed of revocations; is it older than the edge?'));
      return page;
    },
    getPlaybackRestriction: (id) => getJson(playbackRestrictionAnswerSchema, `playback-restrictions/${id}`),
    async makeObject(key, signal) {
      try {
        const response = await postJson('segments', { key, wait_ms: MAX_SEGMENT_WAIT_MS }, { timeoutMs: MAKE_TIMEOUT_MS, signal });
        return (await readJson(segmentAnswerSchema, response, [404])) ?? { state: 'unknown' };
      } catch (error) {
        // A viewer who jumps is no outage, for operators to read of in the log.
        if (signal.aborted) return { state: 'pending' };
        throw error;
      }
    },
    async canMake(key) {
      const answer = await getJson(segmentAnswerSchema, `segments/${key}`);
      return answer?.state === 'pending';
    },

    async fetchObject(key, method, range) {
      const response = await callInternal(`objects/${key}`, { method, ...(range && { headers: { range: stringifyRange(range) } }) });
      if (response.status === (range === undefined ? 200 : 206) || response.status === 404) return response;
      return refuse(response);
    },

    async forward(request, { accountId, tokenId }) {
      const headers = new Headers(request.headers);
      headers.set(PRINCIPAL_HEADER, await signPrincipal(principalKey, { kind: 'token', accountId, tokenId }, nowSeconds(clock)));
      const { pathname, search } = new URL(request.url);
      const { method, body } = request;
      return send(new Request(`${originUrl}${pathname}${search}`, { method, headers, body }));
    },

    async findFaults() {
      const response = await send(new Request(`${originUrl}/ready`));
      const readiness = readinessSchema.safeParse(await response.json().catch(() => undefined));
      if (!readiness.success) throw away(new Error(`the origin's /ready answered ${response.status}`));
      return Object.entries(readiness.data.checks).flatMap(([name, check]) => (check.ok ? [] : [name]));
    },
  };
}

async function readJson<T>(schema: z.ZodType<T>, response: Response, absent: readonly number[]): Promise<T | undefined> {
  if (absent.includes(response.status)) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) return refuse(response);
  const parsed = schema.safeParse(await response.json().catch(away));
  if (parsed.success) return parsed.data;
  throw fault(new Error('the origin gave an answer that does not parse', { cause: parsed.error }));
}

/** An answer that no caller expects: an outage when the origin says so, else a fault between the two of us. */
async function refuse(response: Response): Promise<never> {
  await response.body?.cancel();
  if (response.status >= 500 || response.status === 429) throw away(new Error(`the origin answered ${response.status}`));
  throw fault(new Error(`the origin refused the edge with ${response.status}; is MEDIAFLOW_SECRET the same on both?`));
}

/** For operators; the client learns nothing of the inside. */
const fault = (cause: Error): AppError => new AppError('internal', 'Something went wrong on our side.', { cause });

const away = (cause: unknown): AppError =>
  new AppError('unavailable', 'The service is briefly unavailable; try again.', { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
