import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AssetId, newAssetId, newPlaybackId, randomHex } from '@mediaflow/shared/ids';
import { type MediaLocation, mediaKey } from '@mediaflow/shared/keys';
import { NO_SIGNER, signSession } from '@mediaflow/shared/session';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import { cacheUrl } from '../../edge/src/cache-api.ts';
import { CACHE_HEADER } from '../../edge/src/object-response.ts';
import type { CleanUp } from '../common/clean-up.ts';
import { startCountingOrigin } from './counting-origin.ts';
import { expectBytes } from './expect-bytes.ts';
import type { CachedObjectRound } from './summarize.ts';
import { startWorkerd, type Workerd } from './workerd.ts';
import { type LoadResult, load, measureCpu } from './wrk.ts';

export interface CachedObjectOptions {
  readonly rounds: number;
  readonly seconds: number;
  /** Viewers who take turns: each has a session of their own. */
  readonly viewers: number;
  /** Half of them to each. */
  readonly connections: number;
}

const OBJECT_BYTES = 10_000;

/**
 * One segment of 10 KB out of the Cache API: from the edge, for viewers with sessions, and from a bare handler. Two processes of
 * workerd over one cache, which is a third, so that what is compared is the handling and not the cache.
 */
export async function measureCachedObject(
  { directory, later }: CleanUp,
  { rounds, seconds, viewers, connections }: CachedObjectOptions,
): Promise<readonly CachedObjectRound[]> {
  const location: MediaLocation = { assetId: newAssetId(), version: 1, object: { kind: 'segment', renditionId: 'v360', number: 0 } };
  const bytes = new Uint8Array(randomBytes(OBJECT_BYTES));
  const secret = randomHex(32);

  const origin = await startCountingOrigin({ readObject: (key) => (key === mediaKey(location) ? bytes : undefined) });
  later(() => origin.stop());
  const cache = await startWorkerd({ directory, name: 'cache', script: 'bench/edge/workers/cache.ts', isProxy: true });
  later(() => cache.stop());
  const variables = { MEDIAFLOW_SECRET: secret, ORIGIN_URL: origin.url };
  const edge = await startWorkerd({ directory, name: 'edge', script: 'edge/src/index.ts', variables, cachePort: cache.port });
  later(() => edge.stop());
  const bare = await startWorkerd({ directory, name: 'bare', script: 'bench/edge/workers/bare.ts', cachePort: cache.port });
  later(() => bare.stop());

  const edgePaths = await openSessions(secret, location.assetId, viewers);
  const barePaths = [`/?${cacheUrl(mediaKey(location))}`];
  await expectBytes(edge.url + edgePaths[0], bytes);
  await untilCached(edge.url + edgePaths[0]);
  await expectBytes(bare.url + barePaths[0], bytes);

  const run = async (name: string, { url, pid }: Workerd, paths: readonly string[]): Promise<LoadResult & { readonly cpuUs: number }> => {
    const options = { directory: join(directory, name), url, paths, connections: connections / 2, seconds };
    const { value, cpuSeconds } = await measureCpu(pid, () => load(options));
    return { ...value, cpuUs: (cpuSeconds * 1e6) / value.requests };
  };
  const measured: CachedObjectRound[] = [];
  // The first round warms up: compilers, memory, and the edge's memory of who is who.
  for (let round = 0; round <= rounds; round += 1) {
    // At once: what else the machine does makes a request dearer by up to a half, for both alike.
    const [ofBare, ofEdge] = await Promise.all([run('bare', bare, barePaths), run('edge', edge, edgePaths)]);
    if (round > 0) measured.push({ bare: ofBare, edge: ofEdge });
  }
  const reads = origin.reads.get(mediaKey(location));
  if (reads !== 1) throw new Error(`The object was read from the store ${reads} times: these were no cache hits.`);
  return measured;
}

async function openSessions(secret: string, assetId: AssetId, count: number): Promise<readonly string[]> {
  const key = await deriveHmacKey(secret, 'session');
  const [playbackId, expiresAt] = [newPlaybackId(), Math.floor(Date.now() / 1000) + 3600];
  return Promise.all(
    Array.from({ length: count }, async () => {
      const viewer = { viewerId: randomHex(8), playbackId, signerId: NO_SIGNER };
      const session = await signSession(key, { assetId, version: 1, expiresAt, ...viewer, maxShortSide: 0, minShortSide: 0 });
      return `/s/${session}/v360/0.m4s`;
    }),
  );
}

/** The answer comes before the cache has all of it. */
async function untilCached(url: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const response = await fetch(url);
    await response.arrayBuffer();
    if (response.headers.get(CACHE_HEADER) === 'hit') return;
    await sleep(50);
  }
  throw new Error(`${url} does not enter the cache`);
}
