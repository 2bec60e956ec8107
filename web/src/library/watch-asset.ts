import type { Asset } from '@mediaflow/shared/api';
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
/** Progress comes with every unit stored; reading the asset more often than this shows nothing new to an eye. */
const MIN_READ_STEP_MS = 700;

/** Follows an asset by server-sent events until it is final. An event says that something changed; the asset itself is read. */
export function streamAsset(id: string, listener: AssetListener): () => void {
  const source = new EventSource(`/video/v1/assets/${id}/events`);
  let stopPolling: (() => void) | undefined;
  const reader = createReader(id, listener, stop);
  for (const type of ASSET_EVENTS) source.addEventListener(type, reader.read);
  // The browser connects again by itself, but not after an answer that is no stream, such as a proxy's error page.
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) stopPolling ??= pollAsset(id, listener);
  });
  // What happened between the list and this connection would otherwise be missed.
  source.addEventListener('open', reader.read);

  function stop(): void {
    source.close();
    reader.stop();
    stopPolling?.();
  }
  return stop;
}

/** Follows an asset by asking every few seconds until it is final. */
export function pollAsset(id: string, listener: AssetListener): () => void {
  const reader = createReader(id, listener, stop);
  const timer = setInterval(reader.read, POLL_MS);
  function stop(): void {
    clearInterval(timer);
    reader.stop();
  }
  return stop;
}

/** Reads the asset when told to, one request at a time and never in quick succession; a request missed meanwhile is made up for. */
function createReader(id: string, listener: AssetListener, onFinal: () => void): { read: () => void; stop: () => void } {
  const abort = new AbortController();
  let isBusy = false;
  let isWanted = false;

  async function run(): Promise<void> {
    isBusy = true;
    while (isWanted && !abort.signal.aborted) {
      isWanted = false;
      await readOnce();
      await new Promise((resolve) => setTimeout(resolve, MIN_READ_STEP_MS));
    }
    isBusy = false;
  }

  async function readOnce(): Promise<void> {
    try {
      const asset = await readAsset(id, abort.signal);
      if (abort.signal.aborted) return;
      listener.onAsset(asset);
      if (isFinal(asset)) onFinal();
    } catch (error) {
      // An outage is waited out: the next event or tick asks again.
      if (error instanceof AppError && error.code === 'not_found') {
        onFinal();
        listener.onGone();
      }
    }
  }

  return {
    read() {
      isWanted = true;
      if (!isBusy) void run();
    },
    stop: () => abort.abort(),
  };
}
