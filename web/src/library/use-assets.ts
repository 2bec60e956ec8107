import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { useContext, useEffect, useState } from 'preact/hooks';
import { listAssets, readAsset } from '../api/client.ts';
import { useLoaded } from '../components/hooks.ts';
import { SessionContext } from '../session.ts';
import { isFinal } from './asset-phase.ts';
import { pollAsset, streamAsset } from './watch-asset.ts';
import { planWatches } from './watch-plan.ts';

const PAGE_SIZE = 24;

interface Loaded {
  readonly assets: readonly Asset[];
  readonly nextCursor?: string;
}

export interface Library {
  /** Undefined until the first page has come. */
  readonly assets: readonly Asset[] | undefined;
  readonly error: string | undefined;
  readonly hasMore: boolean;
  reload(): void;
  loadMore(): Promise<void>;
  remove(assetId: string): void;
  /** Puts a new asset on top. */
  admit(assetId: string): Promise<void>;
}

/** The account's assets, newest first, kept up to date while they are encoded. */
export function useAssets(): Library {
  const { noticeError } = useContext(SessionContext);
  const { value, error, set, reload } = useLoaded<Loaded>('assets', async (signal) => {
    const page = await listAssets({ limit: PAGE_SIZE, signal });
    return { assets: page.items, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
  });

  const put = (asset: Asset) => set((current) => current && { ...current, assets: replace(current.assets, asset) });
  const remove = (assetId: string) =>
    set((current) => current && { ...current, assets: current.assets.filter(({ id }) => id !== assetId) });
  useLiveAssets(value?.assets ?? [], { put, remove });

  return {
    assets: value?.assets,
    error,
    hasMore: value?.nextCursor !== undefined,
    reload,
    remove,
    async loadMore() {
      const cursor = value?.nextCursor;
      if (cursor === undefined) return;
      const page = await listAssets({ limit: PAGE_SIZE, cursor });
      set((current) => {
        const known = new Set(current?.assets.map(({ id }) => id));
        const assets = [...(current?.assets ?? []), ...page.items.filter(({ id }) => !known.has(id))];
        return { assets, ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }) };
      });
    },
    async admit(assetId) {
      try {
        const asset = await readAsset(assetId);
        set((current) => ({ ...current, assets: [asset, ...(current?.assets ?? []).filter(({ id }) => id !== assetId)] }));
      } catch (thrown) {
        noticeError(thrown);
        // Deleted in the meantime is an answer too; anything else the next load shows.
        if (!(thrown instanceof AppError)) throw thrown;
      }
    },
  };
}

const replace = (assets: readonly Asset[], asset: Asset) => assets.map((other) => (other.id === asset.id ? asset : other));

interface LiveChanges {
  put(asset: Asset): void;
  remove(assetId: string): void;
}

/** Follows every asset that is still changing; a watch ends by itself when its asset is final. */
export function useLiveAssets(assets: readonly Asset[], { put, remove }: LiveChanges): void {
  const changing = assets.filter((asset) => !isFinal(asset)).map(({ id }) => id);
  const isVisible = usePageVisible();
  const { streamed, polled } = planWatches(isVisible ? changing : []);
  const plan = `${streamed.join(' ')}|${polled.join(' ')}`;

  // The plan's text stands for its lists, which are other arrays at every draw; put and remove only set state.
  useEffect(() => {
    const listen = (id: string) => ({ onAsset: put, onGone: () => remove(id) });
    const stops = [...streamed.map((id) => streamAsset(id, listen(id))), ...polled.map((id) => pollAsset(id, listen(id)))];
    return () => {
      for (const stop of stops) stop();
    };
  }, [plan]);
}

/** A hidden tab holds no connections: six to one origin are all that HTTP/1.1 browsers have, for all tabs together. */
function usePageVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const read = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, []);
  return isVisible;
}
