import type { Asset } from '@mediaflow/shared/api';
import { SegmentBar } from '../components/segment-bar.tsx';
import { isPlayable, phaseOf, remainingOf } from '../library/asset-phase.ts';
import { usePoster } from '../library/use-poster.ts';
import { PlayerBox } from './player-box.tsx';
import type { PlaybackLink } from './use-link.ts';

interface StageProps {
  readonly asset: Asset;
  readonly link: PlaybackLink | undefined;
  readonly onRenditions: (shortSides: readonly number[]) => void;
}

/** Where the picture is, or what stands in its way. */
export function Stage({ asset, link, onRenditions }: StageProps) {
  const phase = phaseOf(asset);
  const remaining = remainingOf(phase);
  const poster = usePoster(asset);
  return (
    <div class="stage" style={{ '--shape': shapeOf(asset) }}>
      <div class="stage-picture">
        <Picture asset={asset} link={link} poster={poster} onRenditions={onRenditions} />
      </div>
      {phase.kind === 'playable' && (
        <div class="stage-progress">
          <SegmentBar percent={phase.percent} label="Encoding" tone="warm" testId="encode-progress" />
          <span>
            Encoding {phase.percent} %{remaining === undefined ? '' : `, ${remaining}`} – it can be watched meanwhile
          </span>
        </div>
      )}
    </div>
  );
}

/** For CSS. Sound alone needs room for the controls only. */
function shapeOf({ kind, aspect_ratio }: Asset): string | undefined {
  return kind === 'audio' ? '4 / 1' : aspect_ratio?.replace(':', ' / ');
}

function Picture({ asset, link, poster, onRenditions }: StageProps & { poster: string | undefined }) {
  const phase = phaseOf(asset);
  if (phase.kind === 'errored') {
    return (
      <div class="stage-message" role="alert">
        <h2>This could not be prepared</h2>
        <p data-testid="asset-reason">{phase.reason}</p>
        <p class="muted">{phase.advice}</p>
      </div>
    );
  }
  if (!isPlayable(asset)) {
    return (
      <div class="stage-message" aria-live="polite">
        <h2>Preparing</h2>
        <SegmentBar percent={undefined} label="Preparing" tone="warm" />
        <p class="muted">The file is being read and its timeline laid out. This takes seconds, whatever its length.</p>
      </div>
    );
  }
  if ((asset.playback_ids ?? []).length === 0) {
    return (
      <div class="stage-message">
        <h2>No playback ID</h2>
        <p class="muted">Add one below to watch this video.</p>
      </div>
    );
  }
  if (link === undefined) return <div class="stage-message" aria-busy="true" />;
  return <PlayerBox key={link.playbackId.id} src={link.url} poster={poster} onRenditions={onRenditions} />;
}
