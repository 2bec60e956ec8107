import type { Asset } from '@mediaflow/shared/api';
import { useRef, useState } from 'preact/hooks';
import { renameAsset } from '../api/client.ts';
import { useTask } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { titleOf } from '../library/asset-phase.ts';

const MAX_TITLE_LENGTH = 512;

/** The page's heading, which turns into a form to rename the video. */
export function TitleField({ asset, onRenamed }: { asset: Asset; onRenamed: (asset: Asset) => void }) {
  const [isEditing, setEditing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, error, run } = useTask();

  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const title = input.current?.value.trim() ?? '';
    run(async () => {
      onRenamed(await renameAsset(asset, title));
      setEditing(false);
    });
  };
  if (!isEditing) {
    return (
      <div class="title-row">
        <h1 data-testid="asset-title">{titleOf(asset)}</h1>
        <button type="button" class="button quiet small" onClick={() => setEditing(true)} data-testid="rename">
          Rename
        </button>
      </div>
    );
  }
  return (
    <form class="title-row" onSubmit={save}>
      <input
        ref={input}
        class="title-input"
        aria-label="Title"
        defaultValue={asset.meta?.title ?? ''}
        maxLength={MAX_TITLE_LENGTH}
        onKeyDown={(event) => event.key === 'Escape' && setEditing(false)}
        autofocus
        data-testid="title-input"
      />
      <button type="submit" class="button small primary" disabled={isBusy} data-testid="title-save">
        Save
      </button>
      <button type="button" class="button small quiet" onClick={() => setEditing(false)}>
        Cancel
      </button>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
    </form>
  );
}
