import type { Asset } from '@mediaflow/shared/api';
import { formatRemaining } from '../format.ts';

/** Where an asset is in its life, as a person sees it. `percent` is of the ladder's segments that are stored. */
export type AssetPhase =
  | { readonly kind: 'preparing' }
  | { readonly kind: 'playable'; readonly percent: number; readonly etaSeconds?: number | undefined }
  | { readonly kind: 'ready' }
  | { readonly kind: 'errored'; readonly reason: string; readonly advice: string };

export function phaseOf(asset: Asset): AssetPhase {
  if (asset.status === 'ready') return { kind: 'ready' };
  if (asset.status === 'errored') {
    const reason = asset.errors?.messages.join(' ') || 'Something went wrong while this was prepared.';
    return { kind: 'errored', reason, advice: adviceFor(asset.errors?.type) };
  }
  if (asset.playable_at === undefined) return { kind: 'preparing' };
  // 100 % and not ready would look stuck.
  return { kind: 'playable', percent: Math.min(99, Math.floor(asset.progress.progress)), etaSeconds: asset.progress.eta_seconds };
}

/** No more change will come by itself. */
export const isFinal = (asset: Asset): boolean => asset.status !== 'preparing';

export const isPlayable = (asset: Asset): boolean => asset.playable_at !== undefined && asset.status !== 'errored';

export function labelOf(phase: AssetPhase): string {
  switch (phase.kind) {
    case 'preparing':
      return 'Preparing';
    case 'playable':
      return `Playable – encoding ${phase.percent} %`;
    case 'ready':
      return 'Ready';
    case 'errored':
      return 'Errored';
  }
}

/** How long until it is ready; undefined where nobody can say. */
export function remainingOf(phase: AssetPhase): string | undefined {
  return phase.kind === 'playable' && phase.etaSeconds !== undefined ? formatRemaining(phase.etaSeconds) : undefined;
}

export const titleOf = (asset: Asset): string => asset.meta?.title?.trim() || 'Untitled';

/** What a person can do about it, by the code that the platform reports (`shared/src/errors.ts`). */
const ADVICE: Readonly<Record<string, string>> = {
  empty_source: 'Check the file on your disk, then upload it again.',
  not_media: 'Upload a video or an audio file. If this should be one, open it in a player first to see that it is whole.',
  unsupported_container: 'Save it as MP4, MOV, MKV or WebM and upload that.',
  unsupported_codec: 'Export it as H.264, H.265, VP9 or AV1 and upload that.',
  no_streams: 'The file holds neither picture nor sound. Export it again.',
  truncated: 'The end of the file is missing. Copy it again from its source and upload it anew.',
  corrupt: 'The file is damaged. Copy or export it again and upload it anew.',
  limit_pixels: 'Export it with a smaller picture and upload that.',
  limit_duration: 'Cut it into shorter parts and upload those.',
  limit_fps: 'Export it with at most 1000 pictures a second and upload that.',
  limit_streams: 'Export it with fewer tracks and upload that.',
};

function adviceFor(type: string | undefined): string {
  return (
    (Object.hasOwn(ADVICE, type ?? '') ? ADVICE[type ?? ''] : undefined) ??
    'Delete it and upload the file again. If it happens again, the worker’s log says more.'
  );
}
