import type { Asset, Upload } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { ApiClient } from './api-client.ts';
import { createUpload, getAsset, getUpload, type NewUpload } from './assets.ts';
import { poll } from './poll.ts';
import type { SourceFile } from './source-file.ts';
import { sendFile } from './tus-upload.ts';
import type { UploadMemory } from './upload-memory.ts';

export interface UploadFileOptions extends NewUpload {
  readonly api: ApiClient;
  readonly file: SourceFile;
  readonly memory: UploadMemory;
  readonly onProgress: (sentBytes: number) => void;
  readonly onResume?: () => void;
  readonly signal?: AbortSignal;
}

export interface UploadedFile {
  readonly asset: Asset;
  /** `Date.now()` when the last byte was acknowledged. */
  readonly lastByteAt: number;
}

/** An origin that was killed right after the last byte finishes the upload when it is back. */
const ASSET_PATIENCE_MS = 60_000;

/** Uploads a file, or goes on where an earlier try for the same file ended. Resolves when the asset exists. */
export async function uploadFile(options: UploadFileOptions): Promise<UploadedFile> {
  const { api, file, memory, onProgress, signal } = options;
  const { upload, resumeUrl } = await beginOrResume(options);
  if (upload.asset_id === undefined) {
    const endpoint = upload.url;
    if (endpoint === undefined) throw new AppError('gone', 'The upload takes no bytes any more. Run the command again.');
    let remembered = Promise.resolve();
    await sendFile({
      file,
      endpoint,
      resumeUrl,
      onProgress,
      onUrl: (tusUrl) => {
        remembered = remembered.then(() => memory.remember({ uploadId: upload.id, endpoint, tusUrl }));
      },
      ...(signal !== undefined && { signal }),
    });
    await remembered;
  }
  const lastByteAt = Date.now();
  const assetId = await waitForAsset(api, upload.id, signal);
  await memory.forget();
  return { asset: await getAsset(api, assetId), lastByteAt };
}

async function beginOrResume(options: UploadFileOptions): Promise<{ upload: Upload; resumeUrl?: string }> {
  const { api, memory } = options;
  const remembered = await memory.recall();
  const known = remembered === undefined ? undefined : await getUpload(api, remembered.uploadId).catch(ignoreNotFound);
  if (remembered === undefined || known?.status !== 'waiting') return { upload: await createUpload(api, options) };
  options.onResume?.();
  return { upload: { ...known, url: known.url ?? remembered.endpoint }, resumeUrl: remembered.tusUrl };
}

async function waitForAsset(api: ApiClient, uploadId: string, signal?: AbortSignal): Promise<string> {
  return poll({ everyMs: 100, deadlineMs: ASSET_PATIENCE_MS, what: 'the asset of the upload', ...(signal && { signal }) }, async () => {
    const { asset_id, status, error } = await getUpload(api, uploadId);
    if (asset_id === undefined && status !== 'waiting') {
      throw new AppError('conflict', error?.message ?? `The upload ended as ${status}.`);
    }
    return asset_id;
  });
}

function ignoreNotFound(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined;
  throw error;
}
