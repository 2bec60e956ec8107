import type { HlsConfig, LoadPolicy, RetryConfig } from 'hls.js';

/** Told of each answer after which the player will ask again: its status, 0 when the network gave none. */
export type WaitListener = (status: number) => void;

const RETRY_DELAY_MS = 1000;
/** A film that was sent in this very moment gets its timeline within a second or two. */
const FIRST_MANIFEST_DELAY_MS = 250;
/** A platform that is restarted comes back within minutes. hls.js counts the tries for sound and picture together. */
const MAX_TRIES = 600;
/** The edge holds a request for a segment in the making for 15 s before it says 503. */
const FIRST_BYTE_MS = 25_000;

/**
 * What is worth asking for again. 412: the asset has no timeline yet. 503: the segment is being made, or a dependency
 * is away. 0: no answer at all. Every other 4xx is an answer about this link, and stays the same.
 */
export function isWorthRetrying(status: number): boolean {
  return status === 0 || status === 408 || status === 412 || status === 429 || status >= 500;
}

/**
 * Settings of hls.js for MediaFlow's playlists: complete from the first second, and what is not encoded yet is made while the
 * request waits. Fragments, playlists and the multivariant playlist share one patient policy, a try each second for minutes.
 */
export function createHlsConfig(onWait: WaitListener): Partial<HlsConfig> {
  const policy = createPatientPolicy(onWait);
  return {
    fragLoadPolicy: policy,
    playlistLoadPolicy: policy,
    manifestLoadPolicy: createPatientPolicy(onWait, FIRST_MANIFEST_DELAY_MS),
    // The lowest rung is made first, and is the quickest to be made and sent.
    startLevel: 0,
    // The first segment is asked for without waiting for the browser to open its media source.
    startFragPrefetch: true,
    // Our segments are CMAF, which needs no transmuxing: a worker would cost a second copy of hls.js and a CSP entry.
    enableWorker: false,
    // A tab in the background for hours must not hold the whole film in memory.
    backBufferLength: 60,
    maxBufferLength: 30,
    capLevelToPlayerSize: false,
  };
}

function createPatientPolicy(onWait: WaitListener, retryDelayMs = RETRY_DELAY_MS): LoadPolicy {
  const retry: RetryConfig = {
    maxNumRetry: MAX_TRIES,
    retryDelayMs,
    maxRetryDelayMs: RETRY_DELAY_MS,
    backoff: 'exponential',
    shouldRetry(config, retryCount, isTimeout, response) {
      const status = response?.code ?? 0;
      const shouldRetry = (config?.maxNumRetry ?? 0) > retryCount && (isTimeout || isWorthRetrying(status));
      if (shouldRetry) onWait(status);
      return shouldRetry;
    },
  };
  return { default: { maxTimeToFirstByteMs: FIRST_BYTE_MS, maxLoadTimeMs: 120_000, timeoutRetry: retry, errorRetry: retry } };
}
