import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { deleteAsset, getAsset, listAssets } from '../client/assets.ts';
import { choosePlaybackId } from '../client/playback.ts';
import { paint, toJson } from '../ui/output.ts';
import { formatTable } from '../ui/table.ts';
import { formatBytes, formatClock, formatDate } from '../ui/units.ts';
import { type ClientOptions, type Context, connect, nextCommand } from './context.ts';

/** `ls` */
export async function list(options: ClientOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  const assets = await listAssets(api);
  if (options.json === true) context.output.print(toJson(assets));
  else if (assets.length === 0) context.output.print(`No videos yet. Upload one with: ${nextCommand('upload FILE', options, context)}`);
  else context.output.print(formatTable(['ID', 'STATUS', 'LENGTH', 'SIZE', 'CREATED', 'TITLE'], assets.map(toRow)));
}

function toRow(asset: Asset): readonly string[] {
  return [
    asset.id,
    describeStatus(asset),
    asset.duration === undefined ? '' : formatClock(asset.duration),
    asset.source === undefined ? '' : formatBytes(Number(asset.source.size)),
    formatDate(asset.created_at),
    asset.meta?.title ?? '',
  ];
}

/** One word and, while it encodes, how far it is. */
export function describeStatus(asset: Pick<Asset, 'status' | 'playable_at' | 'progress'>): string {
  if (asset.status === 'ready') return paint('green', 'ready');
  if (asset.status === 'errored') return paint('red', 'errored');
  const percent = `${Math.floor(asset.progress.progress)} %`;
  return asset.playable_at === undefined ? 'preparing' : paint('yellow', `playable ${percent}`);
}

/** `show ID` */
export async function show(id: string, options: ClientOptions, context: Context): Promise<void> {
  const { api, installation } = await connect(context, options);
  const asset = await getAsset(api, id);
  if (options.json === true) {
    context.output.print(toJson(asset));
    return;
  }
  context.output.print(describeAsset(asset, `${installation.apiUrl}/videos/${asset.id}`));
}

/** One line for each thing that is known of it. */
export function describeAsset(asset: Asset, page: string): string {
  const eta = asset.progress.eta_seconds;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Asset', asset.id],
    ['Title', asset.meta?.title],
    ['Status', describeStatus(asset)],
    ['Ready in', eta === undefined ? undefined : formatClock(eta)],
    ['Reason', asset.errors?.messages.join(' ')],
    ...(asset.warnings ?? []).map(({ message }) => ['Warning', message] as const),
    ['Quality', asset.video_quality],
    ['Length', asset.duration === undefined ? undefined : formatClock(asset.duration)],
    ['Aspect', asset.aspect_ratio],
    ...(asset.tracks ?? []).map((track) => ['Track', describeTrack(track)] as const),
    ['Size', asset.source === undefined ? undefined : formatBytes(Number(asset.source.size))],
    ['SHA-256', asset.source?.sha256],
    ...(asset.playback_ids ?? []).map(({ id, policy }) => ['Playback id', `${id} (${policy})`] as const),
    ['Page', page],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join('\n');
}

/** `a0  audio, Commentary, de, stereo, primary` */
function describeTrack(track: NonNullable<Asset['tracks']>[number]): string {
  const size = track.max_width === undefined ? undefined : `${track.max_width}x${track.max_height}, ${track.max_frame_rate} frames/s`;
  const channels = track.max_channels === undefined ? undefined : `${track.max_channels} channels`;
  const facts = [track.type, track.name, track.language_code, size, channels, track.primary === true ? 'primary' : undefined, track.status];
  return `${track.id}  ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}

/** `rm ID…` */
export async function remove(ids: readonly string[], options: ClientOptions, context: Context): Promise<void> {
  const { api } = await connect(context, options);
  for (const id of ids) await deleteAsset(api, id);
  context.output.print(options.json === true ? toJson({ deleted: ids }) : `Deleted ${ids.join(', ')}.`);
}

/** The playback id to sign for: that of an asset, or the id itself when no asset has it. */
export async function resolvePlaybackId(
  api: Parameters<typeof getAsset>[0],
  id: string,
): Promise<{ readonly playbackId: string; readonly policy?: 'public' | 'signed'; readonly assetId?: string }> {
  try {
    const asset = await getAsset(api, id);
    const chosen = choosePlaybackId(asset);
    return { playbackId: chosen.id, policy: chosen.policy, assetId: asset.id };
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'not_found')) throw error;
  }
  const owner = (await listAssets(api)).find((asset) => asset.playback_ids?.some((entry) => entry.id === id));
  const entry = owner?.playback_ids?.find((candidate) => candidate.id === id);
  if (owner === undefined || entry === undefined) throw new AppError('not_found', `There is no asset and no playback id ${id}.`);
  return { playbackId: id, policy: entry.policy, assetId: owner.id };
}
