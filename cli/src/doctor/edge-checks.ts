import { setTimeout as delay } from 'node:timers/promises';
import type { Asset } from '@mediaflow/shared/api';
import { newPlaybackId } from '@mediaflow/shared/ids';
import { revocableObjectSchema } from '@mediaflow/shared/revocation';
import { type ApiClient, createApiClient } from '../client/api-client.ts';
import { listNewestAssets } from '../client/assets.ts';
import type { Installation } from '../client/installation.ts';
import { choosePlaybackId, findFirstSegment, playbackLinks } from '../client/playback.ts';
import { createRevocation } from '../client/revocations.ts';
import { obtainToken } from '../client/sign.ts';
import { askReady, attempt, type CheckResult } from './checks.ts';
import type { Finding } from './judge.ts';
import {
  type Answer,
  judgeCaching,
  judgeCors,
  judgeForgery,
  judgeHealth,
  judgeRevocation,
  judgeSecret,
  judgeTransport,
} from './judge-edge.ts';

export interface EdgeCheckContext {
  /** Scheme, host and port. */
  readonly url: URL;
  /** The one behind this edge, where its credentials are known. */
  readonly installation?: Installation;
  readonly signal: AbortSignal;
}

const REQUEST_TIMEOUT_MS = 20_000;
/** A revocation is to hold everywhere within 30 s (docs/playback.md); the rest is for the way and a slow origin. */
const REVOCATION_LIMIT_SECONDS = 45;
const READS = 5;
const FORGED_MEDIA = `/s/${'A'.repeat(106)}/v360/0.m4s`;

/** All findings about an edge from outside, as a player and an operator meet it. Never throws: a check that cannot be made is a finding. */
export async function checkEdge(context: EdgeCheckContext): Promise<readonly CheckResult[]> {
  const { url } = context;
  const health = await attempt('health', async () => judgeHealth(await ask(context, '/health')));
  if (health.some(({ verdict }) => verdict === 'fail')) return health;
  const results = await Promise.all([
    attempt('transport', async () => judgeTransport(url)),
    attempt('origin', () => checkOrigin(context)),
    attempt('secret', async () => judgeSecret(await ask(context, `/${newPlaybackId()}.m3u8`))),
    attempt('CORS', () => checkCors(context)),
    attempt('sessions', async () => judgeForgery(await ask(context, FORGED_MEDIA))),
  ]);
  return [...health, ...results.flat(), ...(await attempt('playback', () => checkPlayback(context)))];
}

async function ask({ url, signal }: EdgeCheckContext, path: string, init: RequestInit = {}): Promise<Answer> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(new URL(path, url), { ...init, redirect: 'manual', signal: AbortSignal.any([signal, timeout]) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function checkOrigin({ url }: EdgeCheckContext): Promise<Finding> {
  const finding = await askReady(url.origin);
  return finding.verdict === 'ok'
    ? { ...finding, finding: 'ready' }
    : { ...finding, remedy: "ORIGIN_URL, and the origin's own /ready and log" };
}

async function checkCors(context: EdgeCheckContext): Promise<Finding> {
  const origin = 'https://another-site.example';
  const headers = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' };
  const [preflight, media] = await Promise.all([
    ask(context, FORGED_MEDIA, { method: 'OPTIONS', headers }),
    ask(context, FORGED_MEDIA, { headers: { origin } }),
  ]);
  return judgeCors(preflight, media);
}

/** With a video of the installation, in a session of its own that is revoked at the end. */
async function checkPlayback(context: EdgeCheckContext): Promise<Finding | readonly CheckResult[]> {
  const { installation, signal } = context;
  if (installation === undefined) {
    return { verdict: 'warn', finding: 'not tried', remedy: 'set MEDIAFLOW_TOKEN_ID and MEDIAFLOW_TOKEN_SECRET of this installation' };
  }
  const api = createApiClient(installation, { patienceMs: 0, signal });
  const asset = (await listNewestAssets(api)).find(isPlayable);
  if (asset === undefined) return { verdict: 'warn', finding: 'not tried: no video plays yet', remedy: './mediaflow upload FILE' };
  const film = await open(context, installation, api, asset);
  const results = [
    { name: 'playback', verdict: 'ok' as const, finding: `${asset.id} opens` },
    ...(await attempt('cache', () => checkCaching(context, film))),
    ...(await attempt('sessions, cached', async () => judgeForgery(await ask(context, withForgedSession(film.segmentUrl))))),
  ];
  // Where somebody else answers, waiting for the edge's refusal is waiting for nothing.
  const isEdgeAsked = results.at(-1)?.verdict === 'ok';
  return isEdgeAsked ? [...results, ...(await attempt('revocation', () => checkRevocation(context, api, film)))] : results;
}

const isPlayable = ({ playable_at, external, playback_ids }: Asset): boolean =>
  playable_at !== undefined && external === undefined && (playback_ids ?? []).length > 0;

interface OpenFilm {
  readonly playbackId: string;
  readonly sessionId: string;
  readonly segmentUrl: string;
}

async function open(context: EdgeCheckContext, installation: Installation, api: ApiClient, asset: Asset): Promise<OpenFilm> {
  const { id: playbackId, policy } = choosePlaybackId(asset);
  const token =
    policy === 'public'
      ? undefined
      : await obtainToken(api, installation, { assetId: asset.id, playbackId, type: 'video', expiresInSeconds: 600 });
  let sessionId = '';
  const { segmentUrl } = await findFirstSegment(playbackLinks(installation, playbackId, { video: token }).hls, async (url) => {
    const { status, headers, text } = await ask(context, url);
    sessionId ||= headers.get('x-mediaflow-session') ?? '';
    if (status !== 200) throw new Error(`${new URL(url).pathname.replace(/\/s\/[^/]+/, '/s/…')} answers ${status}`);
    return text;
  });
  return { playbackId, sessionId, segmentUrl };
}

/** What comes from the store is on its way into the cache when the first answer ends, so it may be asked for a few times. */
async function checkCaching(context: EdgeCheckContext, { segmentUrl }: OpenFilm): Promise<Finding> {
  const outcomes: string[] = [];
  for (;;) {
    const { status, headers } = await ask(context, segmentUrl);
    outcomes.push(headers.get('x-mediaflow-cache') ?? String(status));
    if (outcomes.at(-1) === 'hit' || outcomes.length === READS) return judgeCaching(outcomes, headers);
    await delay(500, undefined, { signal: context.signal });
  }
}

const withForgedSession = (url: string): string => url.replace(/(\/s\/.{20})(.)/, (_, start, char) => start + (char === 'A' ? 'B' : 'A'));

async function checkRevocation(
  context: EdgeCheckContext,
  api: ApiClient,
  { playbackId, sessionId, segmentUrl }: OpenFilm,
): Promise<Finding> {
  await createRevocation(api, revocableObjectSchema.parse({ type: 'session', id: sessionId, playback_id: playbackId }));
  const startedAt = Date.now();
  for (;;) {
    const { status } = await ask(context, segmentUrl, { method: 'HEAD' });
    const seconds = (Date.now() - startedAt) / 1000;
    if (status === 403) return judgeRevocation(seconds, REVOCATION_LIMIT_SECONDS);
    if (seconds > REVOCATION_LIMIT_SECONDS) return judgeRevocation(undefined, REVOCATION_LIMIT_SECONDS);
    await delay(1_000, undefined, { signal: context.signal });
  }
}
