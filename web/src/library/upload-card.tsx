import { SegmentBar } from '../components/segment-bar.tsx';
import { formatBytes, formatRate, formatRemaining } from '../format.ts';
import { remainingSeconds, speedOf } from '../upload/speed.ts';
import type { UploadItem, UploadPhase, Uploads } from '../upload/uploads.ts';

/** One file on its way: how far, how fast, how long, and what can be done about it. */
export function UploadCard({ item, uploads }: { item: UploadItem; uploads: Uploads }) {
  const { file, phase, sentBytes } = item;
  const percent = file.sizeBytes === 0 ? 0 : (sentBytes / file.sizeBytes) * 100;
  return (
    <li class="upload-card" data-testid="upload-card" data-phase={phase.kind} data-sent={sentBytes}>
      <div class="upload-head">
        <span class="upload-name">{file.name}</span>
        <Actions item={item} uploads={uploads} />
      </div>
      {phase.kind === 'refused' ? (
        <p class="upload-reason" role="alert" data-testid="upload-reason">
          {phase.message}
        </p>
      ) : (
        <>
          <SegmentBar
            percent={phase.kind === 'starting' ? undefined : percent}
            label={`Uploading ${file.name}`}
            tone={TONES[phase.kind] ?? 'accent'}
            testId="upload-progress"
          />
          <div class="upload-facts">
            <span aria-live="polite" data-testid="upload-phase">
              {LABELS[phase.kind]}
            </span>
            <span class="muted" data-testid="upload-facts">
              {factsOf(item)}
            </span>
          </div>
        </>
      )}
    </li>
  );
}

const LABELS: Readonly<Record<UploadPhase['kind'], string>> = {
  queued: 'Waiting for its turn',
  starting: 'Starting',
  sending: 'Uploading',
  paused: 'Paused',
  reconnecting: 'Connection lost – reconnecting',
  finishing: 'Finishing',
  done: 'Uploaded',
  refused: 'Not uploaded',
};

const TONES: Partial<Record<UploadPhase['kind'], 'warm' | 'quiet'>> = { reconnecting: 'warm', paused: 'quiet', queued: 'quiet' };

function factsOf({ file, phase, sentBytes, samples }: UploadItem): string {
  const amount = `${formatBytes(sentBytes)} of ${formatBytes(file.sizeBytes)}`;
  if (phase.kind !== 'sending') return phase.kind === 'queued' || phase.kind === 'starting' ? formatBytes(file.sizeBytes) : amount;
  const speed = speedOf(samples);
  const remaining = remainingSeconds(samples, file.sizeBytes);
  return [amount, speed === undefined ? '' : formatRate(speed), remaining === undefined ? '' : formatRemaining(remaining)]
    .filter((part) => part !== '')
    .join(' · ');
}

function Actions({ item: { key, file, phase }, uploads }: { item: UploadItem; uploads: Uploads }) {
  const canPause = ['queued', 'starting', 'sending', 'reconnecting'].includes(phase.kind);
  const isOver = phase.kind === 'refused' || phase.kind === 'done';
  const isStoppable = canPause || phase.kind === 'paused';
  return (
    <span class="upload-actions">
      {canPause && (
        <button
          type="button"
          class="button small"
          aria-label={`Pause ${file.name}`}
          onClick={() => uploads.pause(key)}
          data-testid="upload-pause"
        >
          Pause
        </button>
      )}
      {phase.kind === 'paused' && (
        <button
          type="button"
          class="button small primary"
          aria-label={`Resume ${file.name}`}
          onClick={() => uploads.resume(key)}
          data-testid="upload-resume"
        >
          Resume
        </button>
      )}
      {isStoppable && (
        <button
          type="button"
          class="button small quiet"
          aria-label={`Cancel ${file.name}`}
          onClick={() => uploads.cancel(key)}
          data-testid="upload-cancel"
        >
          Cancel
        </button>
      )}
      {isOver && (
        <button type="button" class="button small quiet" aria-label={`Dismiss ${file.name}`} onClick={() => uploads.dismiss(key)}>
          Dismiss
        </button>
      )}
    </span>
  );
}
