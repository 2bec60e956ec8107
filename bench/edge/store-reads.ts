import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Agent, get } from 'node:http';
import { newAccountId, newAssetId, newPlaybackId, newSigningKeyId, randomHex } from '@mediaflow/shared/ids';
import type { PlaybackAnswer, SigningKeyAnswer } from '@mediaflow/shared/internal';
import { encodeBase64Url } from '@mediaflow/shared/signed';
import type { CleanUp } from '../common/clean-up.ts';
import { createSampler, seededRandom } from '../pops/random.ts';
import { startCountingOrigin } from './counting-origin.ts';
import { startWorkerd } from './workerd.ts';

export interface StoreReads {
  /** Viewers who each show a token of their own for one film, and then fetch its segments. */
  readonly tokens: number;
  readonly segments: number;
  /** The most that one segment was read from the store, whoever wanted it. */
  readonly mostReadsPerSegment: number;
  /** A stream of requests over a Zipf catalogue, from its first one on, with an empty cache. */
  readonly zipfRequests: number;
  readonly zipfObjects: number;
  readonly zipfReads: number;
  readonly zipfHitRatio: number;
}

export interface StoreReadsOptions {
  readonly tokens: number;
  readonly zipfViewers: number;
}

const SEGMENTS = 4;
const FILMS = 50;
const ZIPF = { exponent: 0.9, segmentsPerFilm: 8, segmentsPerViewer: 6, seed: 1 };
const CONNECTIONS = 64;
const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360\nv360/playlist.m3u8\n';

/** The deployed bundle in workerd with the real Cache API over a store that counts; one isolate, as one data centre at its smallest. */
export async function measureStoreReads({ directory, later }: CleanUp, { tokens, zipfViewers }: StoreReadsOptions): Promise<StoreReads> {
  const films = Array.from({ length: FILMS }, createFilm);
  const [first] = films;
  if (first === undefined) throw new RangeError('no film');
  const segment = new Uint8Array(1_000).fill(7);
  const origin = await startCountingOrigin({
    readObject: (key) => (key.endsWith('.m3u8') ? new TextEncoder().encode(MULTIVARIANT) : segment),
    answers: new Map(films.flatMap(({ answers }) => answers)),
  });
  later(() => origin.stop());
  const cache = await startWorkerd({ directory, name: 'cache of reads', script: 'bench/edge/workers/cache.ts', isProxy: true });
  later(() => cache.stop());
  const variables = { MEDIAFLOW_SECRET: randomHex(32), ORIGIN_URL: origin.url };
  const edge = await startWorkerd({ directory, name: 'edge of reads', script: 'edge/src/index.ts', variables, cachePort: cache.port });
  later(() => edge.stop());
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  later(async () => agent.destroy());
  const fetchText = (path: string): Promise<string> => getText(agent, edge.url + path);
  const openSession = async (film: Film): Promise<string> => {
    const playlist = await fetchText(`/${film.playbackId}.m3u8?token=${film.signToken()}`);
    return /\/s\/[\w-]+\//.exec(playlist)?.[0] ?? '';
  };
  const readsOf = ({ assetId }: Film): readonly number[] =>
    [...origin.reads].filter(([key]) => key.includes(assetId) && key.endsWith('.m4s')).map(([, reads]) => reads);

  await inParallel(tokens, async () => {
    const session = await openSession(first);
    for (let number = 0; number < SEGMENTS; number += 1) await fetchText(`${session}v360/${number}.m4s`);
  });
  const [mostReadsPerSegment, segments] = [Math.max(...readsOf(first)), readsOf(first).length];

  const random = seededRandom(ZIPF.seed);
  const others = films.slice(1);
  const draw = createSampler(
    others.map((_, index) => (index + 1) ** -ZIPF.exponent),
    random,
  );
  await inParallel(zipfViewers, async () => {
    const film = others[draw()] ?? first;
    const session = await openSession(film);
    const from = Math.floor(random() * (ZIPF.segmentsPerFilm - ZIPF.segmentsPerViewer + 1));
    for (let number = from; number < from + ZIPF.segmentsPerViewer; number += 1) await fetchText(`${session}v360/${number}.m4s`);
  });
  const zipfReads = others.flatMap(readsOf);
  const zipfRequests = zipfViewers * ZIPF.segmentsPerViewer;
  const total = zipfReads.reduce((sum, reads) => sum + reads, 0);
  return {
    tokens,
    segments,
    mostReadsPerSegment,
    zipfRequests,
    zipfObjects: zipfReads.length,
    zipfReads: total,
    zipfHitRatio: 1 - total / zipfRequests,
  };
}

type Film = ReturnType<typeof createFilm>;

function createFilm() {
  const [accountId, assetId, playbackId, keyId] = [newAccountId(), newAssetId(), newPlaybackId(), newSigningKeyId()];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const playback: PlaybackAnswer = {
    playback_id: playbackId,
    policy: 'signed',
    account_id: accountId,
    asset_id: assetId,
    version: 1,
    playlist_revision: 0,
    duration_ms: 600_000,
    status: 'ready',
  };
  const key: SigningKeyAnswer = {
    id: keyId,
    account_id: accountId,
    algorithm: 'ES256',
    public_jwk: { ...publicKey.export({ format: 'jwk' }) },
  };
  const answers: readonly (readonly [string, unknown])[] = [
    [`playback-ids/${playbackId}`, playback],
    [`signing-keys/${keyId}`, key],
  ];
  const claims = { sub: playbackId, aud: 'v', kid: keyId, exp: Math.floor(Date.now() / 1000) + 3600 };
  return { assetId, playbackId, answers, signToken: () => signToken(privateKey, { ...claims, jti: randomHex(8) }) };
}

/** A JWT under ES256 (RFC 7518, 3.4). */
function signToken(key: KeyObject, claims: object): string {
  const encode = (part: object): string => encodeBase64Url(new TextEncoder().encode(JSON.stringify(part)));
  const content = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${encodeBase64Url(sign('sha256', new TextEncoder().encode(content), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

function getText(agent: Agent, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${response.statusCode} ${text.slice(0, 300)}`));
      });
    }).on('error', reject);
  });
}
