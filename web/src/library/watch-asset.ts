import { type Asset, assetSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { ASSET_EVENTS } from '@mediaflow/shared/events';
import { readAsset } from '../api/client.ts';
import { isFinal } from './asset-phase.ts';

export interface AssetListener {
  onAsset(asset: Asset): void;
  /** It was deleted, here or elsewhere. */
  onGone(): void;
}

const POLL_MS = 4_000;

/** Follows an asset by server-sent events until it is final: each carries the asset as it was at that moment. */
export function streamAsset(id: string, listener: AssetListener): () => void {
  const source = new EventSource(`/video/v1/assets/${id}/events`);
  let stopPolling: (() => void) | undefined;

  for (const type of ASSET_EVENTS) {
    source.addEventListener(type, ({ data }: MessageEvent<string>) => {
      if (type === 'video.asset.deleted') return listener.onGone();
      const asset = parseAsset(data);
      if (asset === undefined) return;
      listener.onAsset(asset);
      if (isFinal(asset)) source.close();
    });
  }
  source.addEventListener('error', () => {
    // The browser connects again by itself, but not after an answer that is no stream: an error page, or the end of the session.
    if (source.readyState === EventSource.CLOSED) stopPolling ??= pollAsset(id, listener);
  });
  return () => {
    source.close();
    stopPolling?.();
  };
}

/** Follows an asset by asking every few seconds until it is final. */
export function pollAsset(id: string, listener: AssetListener): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function poll(): Promise<void> {
    try {
      const asset = await readAsset(id, abort.signal);
      if (abort.signal.aborted) return;
      listener.onAsset(asset);
      if (isFinal(asset)) return;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return listener.onGone();
      // An outage is waited out.
    }
    if (!abort.signal.aborted) timer = setTimeout(poll, POLL_MS);
  }

  timer = setTimeout(poll, POLL_MS);
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
}

function parseAsset(data: string): Asset | undefined {
  try {
    return assetSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
