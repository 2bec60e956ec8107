import {
  type AccountId,
  newAccountId,
  newAssetId,
  newPlaybackId,
  newSigningKeyId,
  newTokenId,
  type PlaybackId,
} from '@mediaflow/shared/ids';
import { mediaPrefix } from '@mediaflow/shared/keys';
import { SCOPES, type Scope } from '@mediaflow/shared/scopes';
import { encodeBase64Url, sha256Hex } from '@mediaflow/shared/signed';
import type { SigningAlgorithm } from '@mediaflow/shared/token';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createCache, createContext } from '#test-runtime';
import { createApp } from '../app.ts';
import { composePorts } from '../compose-ports.ts';
import { type Env, parseEnv } from '../env.ts';
import { createSessionReader } from '../playback/read-session.ts';
import type { KeptText, Ports } from '../ports.ts';
import { createFakeOrigin, createOriginState, type OriginState } from './fake-origin.ts';

export const EDGE_URL = 'http://edge.test';
export const SECRET = 'a test secret of more than 32 characters';

/** The real app over a fake origin, the runtime's own cache and a clock that a test moves. */
export interface TestEdge {
  readonly origin: OriginState;
  readonly ports: Ports;
  /** Milliseconds are added to the edge's and the origin's clock. */
  advanceMs(milliseconds: number): void;
  /** Sends a request and, once its body is read or was none, waits for what it left running. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** @param env variables beyond the ordinary */
export async function createTestEdge(overrides: Partial<Ports> = {}, env: Env = {}): Promise<TestEdge> {
  let nowMs = Date.UTC(2026, 10, 20);
  const state = createOriginState(nowMs / 1000);
  const fakeOrigin = createFakeOrigin(SECRET, state);
  const config = parseEnv({
    MEDIAFLOW_SECRET: SECRET,
    ORIGIN_URL: 'http://origin.test',
    UPLOAD_URL: 'http://upload.test',
    ALLOWED_ORIGINS: 'https://dashboard.example',
    ...env,
  });
  const composed = await composePorts(
    {
      config,
      clientOf: () => ({ ip: '192.0.2.1', country: 'AT' }),
      cache: overrides.cache ?? (await createCache()),
      assets: { fetch: async (request) => sendFile(new URL(request.url).pathname) },
      keptRevocations: forgetful,
      log: { error: () => undefined },
    },
    { clock: { nowMs: () => nowMs }, fetch: async (request) => fakeOrigin.fetch(request) },
  );
  const changed = { ...composed, ...overrides };
  const ports: Ports = { ...changed, sessions: createSessionReader(changed) };
  const app = createApp(ports);
  return {
    origin: state,
    ports,
    advanceMs(milliseconds) {
      nowMs += milliseconds;
      state.nowSeconds = nowMs / 1000;
    },
    async request(path, init) {
      const { context, settled } = createContext();
      const response = await app.fetch(new Request(EDGE_URL + path, init), {}, context);
      // Read in full, so that what fills the cache can end; a test sees the same bytes.
      const body = response.body === null ? null : await response.arrayBuffer();
      await settled();
      return new Response(body, response);
    },
  };
}

/** Tests share the runtime's cache, but not what is revoked. */
const forgetful: KeptText = { read: async () => undefined, write: async () => undefined };

const FILES = new Map([
  ['/index.html', { type: 'text/html', text: '<title>dashboard</title>' }],
  ['/embed.html', { type: 'text/html', text: '<title>embed</title>' }],
  ['/static/app-1a2b.js', { type: 'text/javascript', text: 'export {};' }],
]);

function sendFile(path: string): Response {
  const file = FILES.get(path);
  return file === undefined ? new Response(null, { status: 404 }) : new Response(file.text, { headers: { 'content-type': file.type } });
}

export const MULTIVARIANT = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Default",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a0/playlist.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=6600000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,AUDIO="audio"
v1080/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3700000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,AUDIO="audio"
v720/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1100000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,AUDIO="audio"
v360/playlist.m3u8
`;

/** Bytes of segment 0 of every rendition. */
export const SEGMENT = fill(3000, 2);

/** Claims that differ from a good token's; undefined leaves one out. */
export type ClaimChanges = Readonly<Record<string, unknown>>;

export type Film = Awaited<ReturnType<typeof addFilm>>;

/** A playable film in an account of its own: ids, stored files, and how its owner signs. Ids are random, so tests never share cache entries. */
export async function addFilm(
  { origin }: Pick<TestEdge, 'origin'>,
  policy: 'public' | 'signed' = 'signed',
  algorithm: SigningAlgorithm = 'ES256',
) {
  const [accountId, assetId, playbackId] = [newAccountId(), newAssetId(), newPlaybackId()];
  const prefix = mediaPrefix(assetId, 1);
  const playback = {
    playback_id: playbackId,
    policy,
    account_id: accountId,
    asset_id: assetId,
    version: 1,
    playlist_revision: 0,
    duration_ms: 30_000,
  };
  origin.playbacks.set(playbackId, { ...playback, status: 'ready' });
  origin.objects.set(`${prefix}main.m3u8`, new TextEncoder().encode(MULTIVARIANT));
  origin.objects.set(`${prefix}poster.jpg`, fill(500, 9));
  for (const rendition of ['v1080', 'v720', 'v360', 'a0']) {
    origin.objects.set(`${prefix}${rendition}/playlist.m3u8`, new TextEncoder().encode('#EXTM3U\n#EXT-X-ENDLIST\n'));
    origin.objects.set(`${prefix}${rendition}/init.mp4`, fill(100, 1));
    origin.objects.set(`${prefix}${rendition}/0.m4s`, SEGMENT);
  }
  const addKey = () => addSigningKey(origin, accountId, playbackId, algorithm);
  return { accountId, assetId, playbackId, prefix, rotateKey: addKey, ...(await addKey()) };
}

async function addSigningKey(origin: OriginState, accountId: AccountId, playbackId: PlaybackId, algorithm: SigningAlgorithm) {
  const keyId = newSigningKeyId();
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  origin.signingKeys.set(keyId, { id: keyId, account_id: accountId, algorithm, public_jwk: { ...publicJwk } });
  const claims = (): JWTPayload => ({ sub: playbackId, aud: 'v', exp: origin.nowSeconds + 600, kid: keyId });
  return {
    keyId,
    privateKey,
    publicJwk,
    claims,
    /** As Mux's SDKs sign: `kid` among the claims. */
    sign: (changes: ClaimChanges = {}, header: Record<string, unknown> = {}) =>
      new SignJWT({ ...claims(), ...changes } as JWTPayload).setProtectedHeader({ alg: algorithm, ...header }).sign(privateKey),
    /** For what no library signs: header and payload byte by byte, under ES256. */
    async signRaw(header: string, payload: string | Uint8Array): Promise<string> {
      const encode = (text: string): string => encodeBase64Url(new TextEncoder().encode(text));
      const input = `${encode(header)}.${typeof payload === 'string' ? encode(payload) : encodeBase64Url(payload)}`;
      const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new TextEncoder().encode(input));
      return `${input}.${encodeBase64Url(new Uint8Array(signature))}`;
    },
  };
}

/** An API token of `accountId`; as the `authorization` header it makes. */
export async function addApiToken({ origin }: TestEdge, accountId = newAccountId(), scopes: readonly Scope[] = SCOPES) {
  const [tokenId, secret] = [newTokenId(), 'a-token-secret'];
  const key = `${tokenId}:${await sha256Hex(secret)}`;
  origin.credentials.set(key, { token_id: tokenId, account_id: accountId, scopes: [...scopes] });
  const revoke = () => origin.credentials.delete(key);
  return { accountId, tokenId, secret, revoke, headers: { authorization: `Basic ${btoa(`${tokenId}:${secret}`)}` } };
}

/** Starts playback as a player does; the path that its media lies under. */
export async function openPlayback(edge: TestEdge, film: Film, changes: ClaimChanges = {}): Promise<string> {
  const response = await edge.request(`/${film.playbackId}.m3u8?token=${await film.sign(changes)}`);
  const path = /\/s\/[\w-]+\//.exec(await readText(response))?.[0];
  if (path === undefined) throw new Error(`no session in the answer (${response.status})`);
  return path;
}

/** Bytes that tell their place: `seed`, `seed + 1`, … modulo 251. */
export function fill(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (seed + index) % 251);
}

/** `Response.text()` warns about types that are not text, and HLS' is not. */
export const readText = async (response: Response): Promise<string> => new TextDecoder().decode(await response.arrayBuffer());

export const readBytes = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer());

export const readError = async (response: Response): Promise<{ type: string; reason?: string; messages: string[] }> =>
  ((await response.json()) as { error: { type: string; reason?: string; messages: string[] } }).error;
