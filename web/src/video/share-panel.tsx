import type { Asset } from '@mediaflow/shared/api';
import { CopyField } from '../components/copy-field.tsx';
import { Notice } from '../components/notice.tsx';
import { formatDateTime } from '../format.ts';
import { embedCode, embedUrl } from './embed-code.ts';
import { LIFETIMES, type PlaybackLink } from './use-link.ts';

interface SharePanelProps {
  readonly asset: Asset;
  readonly link: PlaybackLink | undefined;
  readonly error: string | undefined;
  readonly lifetimeSeconds: number;
  readonly onLifetime: (seconds: number) => void;
}

export function SharePanel({ asset, link, error, lifetimeSeconds, onLifetime }: SharePanelProps) {
  const isSigned = link?.playbackId.policy !== 'public';
  const playerUrl = link && embedUrl(location.origin, { ...link, playbackId: link.playbackId.id });
  return (
    <section class="panel" aria-labelledby="share-title">
      <div class="panel-head">
        <h2 id="share-title">Share</h2>
        {isSigned && (
          <fieldset class="segmented">
            <legend class="visually-hidden">How long the link works</legend>
            {LIFETIMES.map(({ seconds, label }) => (
              <label key={seconds}>
                <input
                  type="radio"
                  name="lifetime"
                  checked={seconds === lifetimeSeconds}
                  onChange={() => onLifetime(seconds)}
                  data-testid={`lifetime-${seconds}`}
                />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
        )}
      </div>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      {link !== undefined && playerUrl !== undefined && (
        <>
          <CopyField label={isSigned ? 'Signed stream URL (HLS)' : 'Stream URL (HLS)'} value={link.url} testId="signed-url" />
          <CopyField label="Embed code" value={embedCode(playerUrl, asset.aspect_ratio)} rows={3} testId="embed-code" />
          <p class="hint">
            {link.expiresAt === undefined
              ? 'Public: anyone with this address can watch, for as long as the playback ID exists.'
              : `Opens until ${formatDateTime(link.expiresAt)}. Who is watching by then may finish.`}{' '}
            <a href={playerUrl} target="_blank" rel="noreferrer" data-testid="open-player">
              Open the player page
            </a>
          </p>
        </>
      )}
    </section>
  );
}
