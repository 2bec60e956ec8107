import type { Asset } from '@mediaflow/shared/api';
import { deleteAsset } from '../api/client.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { SegmentBar } from '../components/segment-bar.tsx';
import { StatusChip } from '../components/status-chip.tsx';
import { formatAge, formatDuration } from '../format.ts';
import { Link } from '../navigation.tsx';
import { videoPath } from '../route.ts';
import { phaseOf, remainingOf, titleOf } from './asset-phase.ts';
import { Poster } from './poster.tsx';

export function AssetCard({ asset, onDeleted }: { asset: Asset; onDeleted: () => void }) {
  const phase = phaseOf(asset);
  const title = titleOf(asset);
  const remove = async () => {
    await deleteAsset(asset.id);
    onDeleted();
  };
  return (
    <li class="asset-card" data-testid="asset-card" data-asset-id={asset.id}>
      <Link href={videoPath(asset.id)} class="asset-link" testId="asset-link">
        <span class="asset-poster">
          <Poster asset={asset} />
          {asset.duration !== undefined && <span class="asset-duration">{formatDuration(asset.duration)}</span>}
          {phase.kind === 'playable' && <SegmentBar percent={phase.percent} label={`Encoding ${title}`} tone="warm" />}
        </span>
        <span class="asset-title">{title}</span>
      </Link>
      <div class="asset-state">
        <StatusChip phase={phase} />
        <span class="muted">{remainingOf(phase) ?? formatAge(Number(asset.created_at), Date.now() / 1000)}</span>
      </div>
      {phase.kind === 'errored' && <p class="asset-reason">{phase.reason}</p>}
      <div class="asset-actions">
        <CopyButton text={asset.id} what={`the id of ${title}`} class="quiet" label="Copy ID" />
        <ConfirmButton
          class="button quiet small"
          label={`Delete ${title}`}
          testId="asset-delete"
          question={`Delete “${title}”?`}
          consequence="The source, every rendition and every link to it go with it. This cannot be undone."
          confirmLabel="Delete it"
          onConfirm={remove}
        >
          Delete
        </ConfirmButton>
      </div>
    </li>
  );
}
