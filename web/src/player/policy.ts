import type { HlsConfig, LoadPolicy, RetryConfig } from 'hls.js';

/** Told of each answer after which the player will ask again: its status, 0 when the network gave none. */
export type WaitListener = (status: number) => void;

const RETRY_DELAY_MS = 1000;
/** A segment in the making takes seconds; behind a long queue, minutes. hls.js counts the tries for sound and picture together: half an hour. */
const MAX_TRIES = 3600;

/**
 * What is worth asking for again. 412: the asset has no timeline yet. 503: the segment is being made, or a dependency
 * is away. 0: no answer at all. Every other 4xx is an answer about this link, and stays the same.
 */
export function isWorthRetrying(status: number): boolean {
  return status === 0 || status === 408 || status === 412 || status === 429 || status >= 500;
}

/**
 * Settings of hls.js for MediaFlow's playlists: complete from the first second although segments may not be encoded
 * yet. Fragments, playlists and the multivariant playlist share one patient policy, a try each second for minutes.
 */
export function createHlsConfig(onWait: WaitListener): Partial<HlsConfig> {
  const policy = createPatientPolicy(onWait);
  return {
    fragLoadPolicy: policy,
    playlistLoadPolicy: policy,
    manifestLoadPolicy: policy,
    // Encoded lowest rung first: it is the one most likely to be there, and the quickest to show.
    startLevel: 0,
    // Our segments are CMAF, which needs no transmuxing: a worker would cost a second copy of hls.js and a CSP entry.
    enableWorker: false,
    // A tab in the background for hours must not hold the whole film in memory.
    backBufferLength: 60,
    maxBufferLength: 30,
    capLevelToPlayerSize: false,
  };
}

function createPatientPolicy(onWait: WaitListener): LoadPolicy {
  const retry: RetryConfig = {
    maxNumRetry: MAX_TRIES,
    retryDelayMs: RETRY_DELAY_MS,
    maxRetryDelayMs: RETRY_DELAY_MS,
    backoff: 'linear',
    shouldRetry(config, retryCount, isTimeout, response) {
      const status = response?.code ?? 0;
      const shouldRetry = (config?.maxNumRetry ?? 0) > retryCount && (isTimeout || isWorthRetrying(status));
      if (shouldRetry) onWait(status);
      return shouldRetry;
    },
  };
  return { default: { maxTimeToFirstByteMs: 20_000, maxLoadTimeMs: 120_000, timeoutRetry: retry, errorRetry: retry } };
}
