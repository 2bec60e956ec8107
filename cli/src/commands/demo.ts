import { join } from 'node:path';
import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { VideoQuality } from '@mediaflow/shared/rendition';
import { createApiClient } from '../client/api-client.ts';
import { getAsset } from '../client/assets.ts';
import { findInstallation, type Installation } from '../client/installation.ts';
import { failIfErrored, waitUntilPlayable } from '../client/playable.ts';
import { choosePlaybackId, playbackLinks, verifyPlayback } from '../client/playback.ts';
import { poll } from '../client/poll.ts';
import { signPlaybackToken, type TokenType } from '../client/sign.ts';
import { openSourceFile } from '../client/source-file.ts';
import { findHolder } from '../launcher/lock.ts';
import { type RunningPlatform, startPlatform } from '../launcher/platform.ts';
import { REPOSITORY, resolveSampleClip } from '../repository.ts';
import { type LaunchOptions, type LaunchSettings, parseLaunchSettings } from '../settings.ts';
import { paint } from '../ui/output.ts';
import { createProgress } from '../ui/progress.ts';
import { formatBytes, formatClock } from '../ui/units.ts';
import type { Context } from './context.ts';
import { describeRenditions } from './renditions.ts';
import { ensureServices, quietListener, untilAborted } from './up.ts';
import { uploadWithProgress } from './upload.ts';

export interface DemoOptions extends LaunchOptions {
  readonly exit?: boolean;
  readonly quality?: VideoQuality;
}

const TOKEN_LIFE_SECONDS = 7 * 86_400;
/** A film takes as long as it takes, so only standstill counts; one unit of 2160p on a slow, busy machine takes minutes. */
const STANDSTILL_MS = 600_000;
const PLAYABLE_DEADLINE_MS = 120_000;

/** The main job, from nothing to a video that plays. Throws with the reason when any part of it fails. */
export async function demo(path: string | undefined, options: DemoOptions, context: Context): Promise<void> {
  const { cwd, env, output, signal } = context;
  const settings = parseLaunchSettings(options, cwd, REPOSITORY);
  const file = await openSourceFile(path ?? resolveSampleClip(), cwd);
  const platform = await ensureRunning(settings, context);
  try {
    const installation = await findInstallation(localOnly(env), settings.dataDir);
    output.say(`uploading ${file.name} (${formatBytes(file.sizeBytes)})`);
    const { asset, lastByteAt } = await uploadWithProgress(installation, file, join(settings.dataDir, 'uploads-under-way'), context, {
      policy: 'signed',
      title: file.name,
      quality: options.quality,
    });
    const links = await showPlayable(installation, asset, lastByteAt, context);
    const verified = await verifyPlayback(links.hls, PLAYABLE_DEADLINE_MS, signal);
    output.say(`plays: ${verified.variantCount} variants, ${verified.segmentCount} segments, the first one fetched and checked`);
    const ready = await followEncoding(installation, asset.id, context);
    output.print(await describeRenditions(links.hls, ready, signal));
    if (options.exit !== true) await keepRunning(platform, context);
  } finally {
    if (platform !== undefined) output.say('stopping');
    await platform?.stop();
  }
}

/** The platform that already runs on this data folder, as undefined, or a new one of ours. */
async function ensureRunning(settings: LaunchSettings, context: Context): Promise<RunningPlatform | undefined> {
  const holder = await findHolder(settings.dataDir);
  if (holder !== undefined) {
    context.output.say(`using the platform that is running (pid ${holder.pid})`);
    return undefined;
  }
  await ensureServices(context);
  return startPlatform(settings, context.env, quietListener(context.output), context.signal);
}

/** The demo is about this machine, whatever installation the environment names. */
function localOnly(env: Context['env']): Context['env'] {
  return { ...env, MEDIAFLOW_URL: undefined, MEDIAFLOW_TOKEN_ID: undefined, MEDIAFLOW_TOKEN_SECRET: undefined };
}

async function showPlayable(installation: Installation, created: Asset, lastByteAt: number, { output, signal }: Context) {
  const api = createApiClient(installation, { patienceMs: STANDSTILL_MS, signal });
  await waitUntilPlayable(api, created.id, { everyMs: 50, deadlineMs: PLAYABLE_DEADLINE_MS, signal });
  const seconds = ((Date.now() - lastByteAt) / 1000).toFixed(1);
  const { id, policy } = choosePlaybackId(created);
  const { signingKey } = installation;
  const sign = async (type: TokenType): Promise<string | undefined> =>
    policy === 'signed' && signingKey !== undefined
      ? signPlaybackToken(signingKey, { playbackId: id, type, expiresInSeconds: TOKEN_LIFE_SECONDS }, Date.now() / 1000)
      : undefined;
  const links = playbackLinks(installation, id, { video: await sign('video'), thumbnail: await sign('thumbnail') });
  output.print(`\n${paint('green', `playable after ${seconds} s`)} (since the last byte)\n`);
  output.print(`HLS   ${links.hls}\n`);
  output.print(`Page  ${links.page}\n`);
  return links;
}

async function followEncoding(installation: Installation, assetId: string, { output, signal }: Context): Promise<Asset> {
  const api = createApiClient(installation, { patienceMs: STANDSTILL_MS, signal });
  const progress = createProgress('encoding', output);
  const startedAt = Date.now();
  let last = { percent: -1, at: startedAt };
  try {
    // The deadline is renewed by any progress, so the poll itself has none.
    return await poll({ everyMs: 250, deadlineMs: Number.POSITIVE_INFINITY, what: 'the encode', signal }, async () => {
      const asset = failIfErrored(await getAsset(api, assetId));
      const percent = asset.progress.progress;
      if (percent > last.percent) last = { percent, at: Date.now() };
      if (Date.now() - last.at > STANDSTILL_MS) {
        throw new AppError('encode_stalled', `The encode has stood still at ${Math.floor(percent)} % for ${STANDSTILL_MS / 1000} s.`);
      }
      progress.update(percent / 100, describeRemaining(asset.progress, Date.now() - startedAt));
      return asset.status === 'ready' ? asset : undefined;
    });
  } finally {
    progress.stop();
  }
}

/** `ETA 0:42`; nothing while a guess would be wild, the time it took at the end. */
export function describeRemaining({ progress: percent, eta_seconds: eta }: Asset['progress'], elapsedMs: number): string {
  if (percent >= 100) return formatClock(elapsedMs / 1000);
  return eta === undefined ? '' : `ETA ${formatClock(eta)}`;
}

async function keepRunning(platform: RunningPlatform | undefined, { output, signal }: Context): Promise<void> {
  if (platform === undefined) return;
  output.say('\nThe platform keeps running; Ctrl-C stops it.');
  await untilAborted(signal);
}
