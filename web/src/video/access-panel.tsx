import type { Asset, PlaybackPolicy } from '@mediaflow/shared/api';
import { createPlaybackId, deletePlaybackId } from '../api/client.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { useTask } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';

interface AccessPanelProps {
  readonly asset: Asset;
  readonly selectedId: string | undefined;
  readonly onSelect: (playbackId: string) => void;
  readonly onChanged: () => void;
}

/** Who may watch: the asset's playback ids, each public or signed. */
export function AccessPanel({ asset, selectedId, onSelect, onChanged }: AccessPanelProps) {
  const { isBusy, error, run } = useTask();
  const playbackIds = asset.playback_ids ?? [];
  const add = (policy: PlaybackPolicy) =>
    run(async () => {
      await createPlaybackId(asset.id, policy);
      onChanged();
    });
  return (
    <section class="panel" aria-labelledby="access-title">
      <h2 id="access-title">Who may watch</h2>
      {playbackIds.length === 0 && <p class="muted">Nobody: without a playback ID there is no address to watch it at.</p>}
      <ul class="id-list">
        {playbackIds.map(({ id, policy }) => (
          <li key={id} data-testid="playback-id" data-policy={policy}>
            <label class="id-choice">
              <input type="radio" name="playback-id" checked={id === selectedId} onChange={() => onSelect(id)} />
              <span class={`chip ${policy}`}>{policy === 'public' ? 'Public' : 'Signed'}</span>
              <code title={id}>{id}</code>
            </label>
            <CopyButton text={id} what="the playback ID" class="quiet" testId="copy-playback-id" />
            <ConfirmButton
              class="button quiet small"
              label={`Remove playback ID ${id}`}
              testId="remove-playback-id"
              question="Remove this playback ID?"
              consequence="Every link and embed made with it stops working. The video stays."
              confirmLabel="Remove it"
              onConfirm={async () => {
                await deletePlaybackId(asset.id, id);
                onChanged();
              }}
            >
              Remove
            </ConfirmButton>
          </li>
        ))}
      </ul>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      <div class="button-row">
        <button type="button" class="button small" disabled={isBusy} onClick={() => add('signed')} data-testid="add-signed">
          Add signed ID
        </button>
        <button type="button" class="button small" disabled={isBusy} onClick={() => add('public')} data-testid="add-public">
          Add public ID
        </button>
      </div>
    </section>
  );
}
