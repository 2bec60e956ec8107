import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newAssetId, newPlaybackId, randomHex } from '@mediaflow/shared/ids';
import { type MediaLocation, mediaKey } from '@mediaflow/shared/keys';
import { NO_SIGNER, signSession } from '@mediaflow/shared/session';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import { nodeCommand } from '../../cli/src/launcher/node-command.ts';
import { findFreePort } from '../../cli/src/services/free-port.ts';
import { type RunningService, startService } from '../../cli/src/services/service.ts';
import type { CleanUp } from '../common/clean-up.ts';
import { startCountingOrigin } from './counting-origin.ts';
import { expectBytes } from './expect-bytes.ts';
import { startNginx } from './nginx.ts';
import { type LoadResult, load } from './wrk.ts';

export interface SelfHostedOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface SelfHostedRound {
  /** As fast as the client takes it. */
  readonly nginx: LoadResult;
  readonly edge: LoadResult;
  /** So many viewers at a pace of their own, which comes to a third of what nginx can do. */
  readonly pacedNginx: LoadResult;
  readonly pacedEdge: LoadResult;
}

const SEGMENT_BYTES = 1_000_000;

/** One cached segment of 1 MB for viewers with signed sessions from the self-hosted edge, and with signed links from nginx. */
export async function measureSelfHosted(
  { directory, later }: CleanUp,
  { rounds, seconds, connections }: SelfHostedOptions,
): Promise<readonly SelfHostedRound[]> {
  const location: MediaLocation = { assetId: newAssetId(), version: 1, object: { kind: 'segment', renditionId: 'v720', number: 0 } };
  const bytes = new Uint8Array(randomBytes(SEGMENT_BYTES));
  const secret = randomHex(32);

  const nginx = await startNginx(directory, bytes);
  later(() => nginx.stop());
  const origin = await startCountingOrigin({ readObject: (key) => (key === mediaKey(location) ? bytes : undefined) });
  later(() => origin.stop());
  const edge = await startSelfHostedEdge(directory, { MEDIAFLOW_SECRET: secret, ORIGIN_URL: origin.url });
  later(() => edge.stop());

  const viewer = { viewerId: randomHex(8), playbackId: newPlaybackId(), signerId: NO_SIGNER };
  const expiresAt = Math.floor(Date.now() / 1000) + 24 * 3600;
  const session = await signSession(await deriveHmacKey(secret, 'session'), {
    assetId: location.assetId,
    version: location.version,
    expiresAt,
    ...viewer,
    maxShortSide: 0,
    minShortSide: 0,
  });
  const edgePath = `/s/${session}/v720/0.m4s`;
  for (const url of [nginx.url + nginx.path, edge.url + edgePath]) await expectBytes(url, bytes);

  const run = (url: string, path: string, pauseMs?: number): Promise<LoadResult> =>
    load({ directory, url, paths: [path], connections, seconds, ...(pauseMs !== undefined && { pauseMs }) });
  const runBoth = async (pauseMs?: number): Promise<readonly [LoadResult, LoadResult]> => [
    await run(nginx.url, nginx.path, pauseMs),
    await run(edge.url, edgePath, pauseMs),
  ];
  // Compilers, memory, and every process's own copy of the segment.
  const warm = await runBoth();
  const pauseMs = Math.round((3 * connections * 1000) / warm[0].requestsPerSecond);
  const measured: SelfHostedRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const full = await runBoth();
    const paced = await runBoth(pauseMs);
    measured.push({ nginx: full[0], edge: full[1], pacedNginx: paced[0], pacedEdge: paced[1] });
  }
  const reads = origin.reads.get(mediaKey(location)) ?? 0;
  if (reads > 2) throw new Error(`The segment was read from the store ${reads} times: these were no cache hits.`);
  return measured;
}

async function startSelfHostedEdge(directory: string, variables: Readonly<Record<string, string>>): Promise<RunningService> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const { command, args } = nodeCommand('edge/src/node/main.ts');
  // The web UI is no part of this.
  const webDir = join(directory, 'web');
  await mkdir(webDir, { recursive: true });
  return await startService({
    url,
    spec: {
      name: 'self-hosted edge',
      command,
      args,
      env: { ...variables, PORT: String(port), EDGE_CACHE_DIR: join(directory, 'cache'), EDGE_WEB_DIR: webDir },
      cwd: directory,
      stopSignal: 'SIGTERM',
      stopGraceMs: 10_000,
    },
    ping: async () => {
      await (await fetch(`${url}/health`)).arrayBuffer();
    },
  });
}
