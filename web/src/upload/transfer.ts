import { DetailedError, Upload } from 'tus-js-client';
import { decideRetry, type TransferFailure } from './retry.ts';

/** Where the bytes go: `endpoint` creates a TUS upload there, `tusUrl` goes on with one that exists. */
export type TransferTarget = { readonly endpoint: string } | { readonly tusUrl: string };

export interface TransferEvents {
  /** The server has made the upload; from here on it can be resumed by this URL. */
  onUrl(tusUrl: string): void;
  /** Bytes handed to the network, or after a resume the server's own count. */
  onProgress(sentBytes: number): void;
  /** The connection broke; the transfer tries again by itself. */
  onReconnecting(): void;
  onFinished(): void;
  /** Over for good. `isUploadGone` says that the server does not know the upload any more. */
  onRefused(message: string, isUploadGone: boolean): void;
}

export interface Transfer {
  start(): void;
  /** Breaks off the request in flight and lets go of timers and listeners; `start` asks the server how far it got. */
  pause(): void;
}

/** One request stays well under the body limits of common proxies (100 MB), and a round trip per 64 MB costs nothing. */
const CHUNK_BYTES = 64 * 1024 * 1024;
/** A request that moves no byte for this long is a dead connection that the browser has not noticed. */
const STALL_MS = 30_000;

/**
 * Sends one file by TUS. tus-js-client's own retries are off: they give up while the browser is offline, say nothing
 * meanwhile, and after a failed HEAD they begin a second upload from byte 0.
 */
export function createTransfer(file: File, target: TransferTarget, events: TransferEvents): Transfer {
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let stallTimer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;

  const upload = new Upload(file, {
    ...('endpoint' in target ? { endpoint: target.endpoint } : { uploadUrl: target.tusUrl }),
    chunkSize: CHUNK_BYTES,
    metadata: { filename: file.name, filetype: file.type },
    retryDelays: null,
    storeFingerprintForResuming: false,
    onUploadUrlAvailable() {
      // Without an endpoint a failed HEAD is an error to retry, never a reason to create another upload.
      upload.options.endpoint = null;
      if (upload.url !== null) events.onUrl(upload.url);
    },
    onProgress(sentBytes) {
      watchForStall(sentBytes);
      events.onProgress(sentBytes);
    },
    onChunkComplete() {
      failures = 0;
    },
    onSuccess() {
      stop();
      events.onFinished();
    },
    onError: (error) => fail(failureOf(error)),
  });

  function fail(failure: TransferFailure): void {
    const verdict = decideRetry(failure, failures);
    failures += 1;
    clearTimeout(stallTimer);
    if (verdict.kind === 'refused') {
      stop();
      events.onRefused(verdict.message, verdict.isUploadGone);
      return;
    }
    events.onReconnecting();
    retryTimer = setTimeout(tryAgain, verdict.delayMs);
  }

  function tryAgain(): void {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    // While offline every attempt fails at once; the `online` event starts the next one.
    if (isRunning && navigator.onLine) upload.start();
  }

  function watchForStall(sentBytes: number): void {
    clearTimeout(stallTimer);
    // After the last byte the server may take its time to make the upload durable.
    if (sentBytes < file.size) stallTimer = setTimeout(breakOff, STALL_MS);
  }

  function breakOff(): void {
    if (!isRunning || retryTimer !== undefined) return;
    void upload.abort();
    fail({});
  }

  function stop(): void {
    isRunning = false;
    clearTimeout(retryTimer);
    clearTimeout(stallTimer);
    retryTimer = undefined;
    window.removeEventListener('online', tryAgain);
    window.removeEventListener('offline', breakOff);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      failures = 0;
      window.addEventListener('online', tryAgain);
      window.addEventListener('offline', breakOff);
      upload.start();
    },
    pause() {
      stop();
      void upload.abort();
    },
  };
}

function failureOf(error: Error): TransferFailure {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  // XMLHttpRequest reports a broken connection as status 0.
  return response === null || response.getStatus() === 0 ? {} : { status: response.getStatus(), body: response.getBody() };
}

/** How far the server got with an upload: bytes, `gone` when it knows none, or undefined when it cannot be asked now. */
export async function readOffset(tusUrl: string): Promise<number | 'gone' | undefined> {
  try {
    const response = await fetch(tusUrl, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' }, credentials: 'omit' });
    if ([401, 403, 404, 410].includes(response.status)) return 'gone';
    const offset = Number(response.headers.get('Upload-Offset') ?? Number.NaN);
    return Number.isNaN(offset) ? undefined : offset;
  } catch {
    return undefined;
  }
}
