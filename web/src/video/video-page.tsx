import type { Asset } from '@mediaflow/shared/api';
import { useEffect, useState } from 'preact/hooks';
import { deleteAsset, readAsset } from '../api/client.ts';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { Empty } from '../components/empty.tsx';
import { useLoaded } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { StatusChip } from '../components/status-chip.tsx';
import { isPlayable, phaseOf, titleOf } from '../library/asset-phase.ts';
import { useLiveAssets } from '../library/use-assets.ts';
import { Link, navigate } from '../navigation.tsx';
import { LIBRARY_PATH } from '../route.ts';
import { AccessPanel } from './access-panel.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { SharePanel } from './share-panel.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Stage } from './stage.tsx';
import { TitleField } from './title-field.tsx';
import { LIFETIMES, useLink } from './use-link.ts';

export function VideoPage({ assetId }: { assetId: string }) {
  const { value: asset, error, set, reload } = useLoaded(assetId, (signal) => readAsset(assetId, signal));
  useLiveAssets(asset === undefined ? [] : [asset], {
    put: (next) => set(() => next),
    remove() {
      set(() => undefined);
      reload();
    },
  });
  useEffect(() => {
    document.title = `${asset === undefined ? 'Video' : titleOf(asset)} – MediaFlow`;
  }, [asset]);

  if (error !== undefined && asset === undefined) {
    return (
      <Empty title="This video cannot be shown" text={error}>
        <div class="button-row">
          <button type="button" class="button" onClick={reload}>
            Try again
          </button>
          <Link class="button" href={LIBRARY_PATH}>
            Go to the library
          </Link>
        </div>
      </Empty>
    );
  }
  if (asset === undefined) return <div class="video-page skeleton" aria-busy="true" />;
  return (
    <>
      {error !== undefined && <Notice tone="danger">{error}</Notice>}
      <Video asset={asset} onAsset={(next) => set(() => next)} onChanged={reload} />
    </>
  );
}

interface VideoProps {
  readonly asset: Asset;
  readonly onAsset: (asset: Asset) => void;
  readonly onChanged: () => void;
}

function Video({ asset, onAsset, onChanged }: VideoProps) {
  const [chosenId, setChosenId] = useState<string>();
  const [lifetimeSeconds, setLifetimeSeconds] = useState<number>(LIFETIMES[0].seconds);
  const [shortSides, setShortSides] = useState<readonly number[]>([]);
  const phase = phaseOf(asset);
  const playbackIds = asset.playback_ids ?? [];
  const playbackId = playbackIds.find(({ id }) => id === chosenId) ?? playbackIds[0];
  const link = useLink(asset, playbackId, lifetimeSeconds);
  const remove = async () => {
    await deleteAsset(asset.id);
    navigate(LIBRARY_PATH);
  };

  return (
    <div class="video-page">
      <div class="video-main">
        <Link href={LIBRARY_PATH} class="back">
          ← Library
        </Link>
        <TitleField asset={asset} onRenamed={onAsset} />
        <Stage asset={asset} link={link.value} onRenditions={setShortSides} />
        <div class="stage-foot">
          {phase.kind !== 'playable' && <StatusChip phase={phase} />}
          {isPlayable(asset) && <Shortcuts />}
        </div>
        <FactsPanel asset={asset} shortSides={shortSides} />
      </div>
      <div class="video-side">
        {asset.status !== 'errored' && (
          <>
            <SharePanel
              asset={asset}
              link={link.value}
              error={link.error}
              lifetimeSeconds={lifetimeSeconds}
              onLifetime={setLifetimeSeconds}
            />
            <AccessPanel asset={asset} selectedId={playbackId?.id} onSelect={setChosenId} onChanged={onChanged} />
          </>
        )}
        <ConfirmButton
          testId="asset-delete"
          question={`Delete “${titleOf(asset)}”?`}
          consequence="The source, every rendition and every link to it go with it. This cannot be undone."
          confirmLabel="Delete it"
          onConfirm={remove}
        >
          Delete this video
        </ConfirmButton>
      </div>
    </div>
  );
}
