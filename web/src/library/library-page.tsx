import { useEffect } from 'preact/hooks';
import { Empty } from '../components/empty.tsx';
import { useStore, useTask } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import type { BrowserUploads } from '../upload/browser-uploads.ts';
import { AssetCard } from './asset-card.tsx';
import { DropZone } from './drop-zone.tsx';
import { ResumeCard } from './resume-card.tsx';
import { UploadCard } from './upload-card.tsx';
import { type Library, useAssets } from './use-assets.ts';

export function LibraryPage({ uploads, memory }: BrowserUploads) {
  const library = useAssets();
  const items = useStore(uploads.items);
  const remembered = useStore(memory.entries);
  const running = new Set(items.map(({ uploadId }) => uploadId));
  const unfinished = remembered.filter(({ uploadId }) => !running.has(uploadId));
  useFinishedUploads({ uploads, memory }, library);

  useEffect(() => {
    document.title = 'Library – MediaFlow';
  }, []);

  return (
    <>
      <h1 class="visually-hidden">Library</h1>
      <DropZone onFiles={uploads.add} isCompact={(library.assets?.length ?? 0) > 0} />
      {items.length + unfinished.length > 0 && (
        <section aria-label="Uploads">
          <h2 class="section-title">Uploads</h2>
          <ul class="upload-list">
            {items.map((item) => (
              <UploadCard key={item.key} item={item} uploads={uploads} />
            ))}
            {unfinished.map((entry) => (
              <ResumeCard
                key={entry.uploadId}
                entry={entry}
                memory={memory}
                onFile={(file) => uploads.add([file])}
                onComplete={() => uploads.adopt(entry)}
              />
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Assets">
        <Assets library={library} />
      </section>
    </>
  );
}

/** An upload that became an asset leaves the list of uploads and stands first in the library. */
function useFinishedUploads({ uploads }: BrowserUploads, library: Library): void {
  const finished = useStore(uploads.items).flatMap(({ key, phase }) => (phase.kind === 'done' ? [{ key, assetId: phase.assetId }] : []));
  const isLoaded = library.assets !== undefined;
  const keys = finished.map(({ key }) => key).join();

  // The keys stand for the list, which is another array at every draw.
  useEffect(() => {
    if (!isLoaded) return;
    for (const { key, assetId } of finished) void library.admit(assetId).finally(() => uploads.dismiss(key));
  }, [keys, isLoaded]);
}

function Assets({ library }: { library: Library }) {
  const { assets, error, hasMore, reload, loadMore, remove } = library;
  const more = useTask();
  if (assets === undefined) {
    return error === undefined ? (
      <ul class="asset-grid" aria-busy="true" aria-label="Loading">
        {['a', 'b', 'c', 'd'].map((key) => (
          <li key={key} class="asset-card skeleton">
            <span class="asset-poster" />
          </li>
        ))}
      </ul>
    ) : (
      <Empty title="The library could not be loaded" text={error}>
        <button type="button" class="button" onClick={reload}>
          Try again
        </button>
      </Empty>
    );
  }
  if (assets.length === 0)
    return <Empty title="No videos yet" text="The first one you upload will appear here, and can be watched seconds later." />;
  return (
    <>
      <h2 class="section-title">Library</h2>
      <ul class="asset-grid" data-testid="asset-grid">
        {assets.map((asset) => (
          <AssetCard key={asset.id} asset={asset} onDeleted={() => remove(asset.id)} />
        ))}
      </ul>
      {more.error !== undefined && <Notice tone="danger">{more.error}</Notice>}
      {hasMore && (
        <button type="button" class="button wide" disabled={more.isBusy} onClick={() => more.run(loadMore)} data-testid="load-more">
          {more.isBusy ? 'Loading…' : 'Show more'}
        </button>
      )}
    </>
  );
}
