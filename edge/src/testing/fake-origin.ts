import {
  type CredentialAnswer,
  credentialQuerySchema,
  type PlaybackAnswer,
  type PlaybackRestrictionAnswer,
  type RevocationPage,
  type SegmentAnswer,
  type SigningKeyAnswer,
  segmentQuerySchema,
} from '@mediaflow/shared/internal';
import { PRINCIPAL_HEADER, type Principal, verifyPrincipal } from '@mediaflow/shared/principal';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import { type Context, Hono } from 'hono';
import type { z } from 'zod';

type SegmentQuery = z.infer<typeof segmentQuerySchema>;

/** What the fake origin knows; a test changes it at will. */
export interface OriginState {
  /** By `tokenId:sha256(secret)`. */
  readonly credentials: Map<string, CredentialAnswer>;
  /** User sessions that were signed out. */
  readonly endedSessions: Set<string>;
  readonly playbacks: Map<string, PlaybackAnswer>;
  readonly signingKeys: Map<string, SigningKeyAnswer>;
  readonly playbackRestrictions: Map<string, PlaybackRestrictionAnswer>;
  /** By method and path, what a management call yields; all others are answered with themselves. */
  readonly management: Map<string, (body: string) => unknown>;
  /** In the order in which they became known. */
  readonly revocations: RevocationPage['entries'][number][];
  readonly objects: Map<string, Uint8Array>;
  readonly segments: Map<string, SegmentAnswer>;
  /** Objects that are stored as soon as somebody asks for them to be made. */
  readonly makes: Map<string, Uint8Array>;
  readonly segmentQueries: SegmentQuery[];
  /** How long it holds back its answer about an object to be made. */
  makeHoldMs: number;
  /** Answers with objects are held back until then. */
  objectsHeld: Promise<void> | undefined;
  /** Requests by path, as they came. */
  readonly calls: string[];
  /** Every request fails with this status, as if the origin were down. */
  outageStatus: number | undefined;
  /** Object bodies end after this many bytes, whatever their length says. */
  truncateAfterBytes: number | undefined;
  nowSeconds: number;
}

export const createOriginState = (nowSeconds: number): OriginState => ({
  credentials: new Map(),
  endedSessions: new Set(),
  playbacks: new Map(),
  signingKeys: new Map(),
  playbackRestrictions: new Map(),
  management: new Map(),
  revocations: [],
  objects: new Map(),
  segments: new Map(),
  makes: new Map(),
  segmentQueries: [],
  makeHoldMs: 0,
  objectsHeld: undefined,
  calls: [],
  outageStatus: undefined,
  truncateAfterBytes: undefined,
  nowSeconds,
});

/** The origin's side of `shared/src/internal.ts` over HTTP, from memory; believes only principals signed under `secret`. */
export function createFakeOrigin(secret: string, state: OriginState): Hono<{ Variables: { principal: Principal } }> {
  const app = new Hono<{ Variables: { principal: Principal } }>();
  const key = deriveHmacKey(secret, 'principal');
  const answer = (c: Context, value: unknown): Response => (value === undefined ? c.json({}, 404) : Response.json(value));

  app.use(async (c, next) => {
    state.calls.push(`${c.req.method} ${c.req.path}`);
    if (state.outageStatus !== undefined) return new Response('away', { status: state.outageStatus });
    return next();
  });
  app.get('/ready', (c) => c.json({ status: 'ready', checks: { postgres: { ok: true }, redis: { ok: true } } }));

  app.use(async (c, next) => {
    const principal = await verifyPrincipal(await key, c.req.header(PRINCIPAL_HEADER) ?? '', state.nowSeconds);
    if (principal === undefined) return c.json({}, 403);
    if (c.req.path.startsWith('/internal/') !== (principal.kind === 'service')) return c.json({}, 403);
    c.set('principal', principal);
    return next();
  });
  app.post('/internal/credentials', async (c) => {
    const { token_id, secret_sha256 } = credentialQuerySchema.parse(await c.req.json());
    const found = state.credentials.get(`${token_id}:${secret_sha256}`);
    return found === undefined ? c.json({}, 401) : c.json(found);
  });
  app.get('/internal/tokens/:id/sessions/:session', (c) => {
    const { id, session } = c.req.param();
    const known = [...state.credentials.values()].find(({ token_id }) => token_id === id);
    return answer(c, state.endedSessions.has(session) ? undefined : known);
  });
  app.delete('/internal/tokens/:id/sessions/:session', (c) => {
    state.endedSessions.add(c.req.param('session'));
    return c.body(null, 204);
  });
  app.get('/internal/playback-ids/:id', (c) => answer(c, state.playbacks.get(c.req.param('id'))));
  app.get('/internal/signing-keys/:id', (c) => answer(c, state.signingKeys.get(c.req.param('id'))));
  app.get('/internal/playback-restrictions/:id', (c) => answer(c, state.playbackRestrictions.get(c.req.param('id'))));
  app.get('/internal/revocations', (c) => {
    const entries = state.revocations.slice(Number(c.req.query('after') ?? 0));
    return c.json({ entries, next_cursor: String(state.revocations.length), has_more: false } satisfies RevocationPage);
  });
  app.post('/internal/segments', async (c) => {
    const query = segmentQuerySchema.parse(await c.req.json());
    state.segmentQueries.push(query);
    await new Promise((resolve) => setTimeout(resolve, state.makeHoldMs));
    const made = state.makes.get(query.key);
    if (made !== undefined) state.objects.set(query.key, made);
    return c.json(made === undefined ? (state.segments.get(query.key) ?? { state: 'unknown' }) : { state: 'stored' });
  });
  app.get('/internal/segments/*', (c) => {
    const key = c.req.path.slice('/internal/segments/'.length);
    return c.json({ state: state.makes.has(key) || state.segments.has(key) ? 'pending' : 'unknown' } satisfies SegmentAnswer);
  });
  app.get('/internal/objects/*', async (c) => {
    await state.objectsHeld;
    return sendObject(state, c.req.path.slice('/internal/objects/'.length), c.req.header('range'));
  });

  app.get('/video/v1/assets/:id/events', () => new Response('event: video.asset.progress\ndata: {}\n\n', SSE));
  app.all('*', async (c) => {
    const known = state.management.get(`${c.req.method} ${c.req.path}`);
    if (known !== undefined) return c.json({ data: known(await c.req.text()) });
    return c.json({
      method: c.req.method,
      url: c.req.path + new URL(c.req.url).search,
      headers: c.req.header(),
      principal: c.get('principal'),
      bodyBytes: (await c.req.arrayBuffer()).byteLength,
    });
  });
  return app;
}

const SSE = { headers: { 'content-type': 'text/event-stream', connection: 'keep-alive, x-hop', 'x-hop': '1' } };

function sendObject({ objects, truncateAfterBytes }: OriginState, key: string, range = ''): Response {
  const bytes = objects.get(key);
  if (bytes === undefined) return new Response(null, { status: 404 });
  const etag = `"${bytes.length}-${bytes[0] ?? 0}"`;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first !== undefined && last !== undefined) {
    const part = bytes.subarray(Number(first), Number(last) + 1);
    const headers = { 'content-length': String(part.length), 'content-range': `bytes ${first}-${last}/${bytes.length}`, etag };
    return new Response(toStream(part.subarray(0, truncateAfterBytes)), { status: 206, headers });
  }
  const headers = { 'content-length': String(bytes.length), etag };
  return new Response(toStream(bytes.subarray(0, truncateAfterBytes)), { headers });
}

/** In several chunks, as a network delivers it. */
function toStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const size = Math.max(1, Math.ceil(bytes.length / 3));
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });
}
