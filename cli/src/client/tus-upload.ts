import { createReadStream } from 'node:fs';
import { AppError } from '@mediaflow/shared/errors';
import * as tus from 'tus-js-client';
import type { SourceFile } from './source-file.ts';

export interface TusUploadOptions {
  readonly file: SourceFile;
  /** `url` of the upload object. */
  readonly endpoint: string;
  /** Where a begun upload goes on. */
  readonly resumeUrl?: string | undefined;
  readonly onProgress: (sentBytes: number) => void;
  /** The URL under which the upload can be resumed. */
  readonly onUrl: (url: string) => void;
  readonly signal?: AbortSignal;
}

/** For about a minute without one byte of progress; any progress starts the count anew. */
const RETRY_DELAYS_MS = [100, 200, 500, 1000, 2000, 3000, 5000, 5000, 5000, 5000, 10_000, 10_000, 10_000];

/** Sends the whole file over TUS, through restarts of the origin. Throws `unavailable` or what the upload host refused it for. */
export function sendFile({ file, endpoint, resumeUrl, onProgress, onUrl, signal }: TusUploadOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // In Node the client takes file streams and reads ranges of the file itself; its types know browsers only.
    const input = createReadStream(file.path) as unknown as Buffer;
    const upload = new tus.Upload(input, {
      endpoint,
      uploadUrl: resumeUrl ?? null,
      uploadSize: file.sizeBytes,
      metadata: { filename: file.name },
      retryDelays: RETRY_DELAYS_MS,
      storeFingerprintForResuming: false,
      onProgress: (sent) => onProgress(sent),
      onUploadUrlAvailable: () => {
        if (upload.url !== null) onUrl(upload.url);
      },
      onSuccess: () => resolve(),
      onError: (error) => reject(toAppError(error)),
    });
    signal?.addEventListener('abort', () => {
      void upload.abort();
      reject(signal.reason);
    });
    upload.start();
  });
}

function toAppError(error: Error | tus.DetailedError): AppError {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) return new AppError('unavailable', 'The upload host does not answer.', { cause: error });
  const said = response.getBody().slice(0, 300).trim();
  return new AppError('unavailable', `The upload host refused the file (${response.getStatus()}): ${said}`, { cause: error });
}
