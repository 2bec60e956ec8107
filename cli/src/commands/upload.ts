import { join } from 'node:path';
import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { VideoQuality } from '@mediaflow/shared/rendition';
import { createApiClient } from '../client/api-client.ts';
import { findInstallation, type Installation } from '../client/installation.ts';
import { waitUntilPlayable } from '../client/playable.ts';
import { openSourceFile, type SourceFile } from '../client/source-file.ts';
import { type UploadedFile, type UploadFileOptions, uploadFile } from '../client/upload-file.ts';
import { openUploadMemory, uploadMemoryDirectory } from '../client/upload-memory.ts';
import { REPOSITORY } from '../repository.ts';
import { resolveDataDir } from '../settings.ts';
import { createProgress } from '../ui/progress.ts';
import { formatBytes } from '../ui/units.ts';
import { type Context, nextCommand } from './context.ts';
import { choosePolicy, type NewAssetOptions, printNewAsset, sayHowToPlay } from './new-asset.ts';

export interface UploadOptions extends NewAssetOptions {
  readonly quality?: VideoQuality;
}

/** An upload may take hours; a platform that restarts in between is waited for. */
const PATIENCE_MS = 60_000;

/** `upload FILE`; run again after an interruption, it goes on where it was. */
export async function upload(path: string, options: UploadOptions, context: Context): Promise<void> {
  const file = await openSourceFile(path, context.cwd);
  const dataDir = resolveDataDir(options.data, context.cwd, REPOSITORY);
  const installation = await findInstallation(context.env, dataDir);
  // Before anything else: a platform that is not running is no reason to wait; one that is restarting is.
  const { signal } = context;
  await createApiClient(installation, { patienceMs: PATIENCE_MS, absenceMs: 1_000, signal }).send('/system/v1/whoami', {});
  const memoryDirectory = context.env.MEDIAFLOW_URL ? uploadMemoryDirectory(context.env) : join(dataDir, 'uploads-under-way');
  const { asset } = await uploadWithProgress(installation, file, memoryDirectory, context, {
    policy: choosePolicy(options),
    title: options.title ?? file.name,
    quality: options.quality,
  });
  printNewAsset(asset, options, context.output);
  await sayWhatBecameOfIt(installation, asset, options, context);
}

/** An upload that is whole is done, whoever is busy; only a file that turns out to be no film makes the command fail. */
async function sayWhatBecameOfIt(installation: Installation, asset: Asset, options: UploadOptions, context: Context) {
  const { signal } = context;
  const api = createApiClient(installation, { patienceMs: PATIENCE_MS, signal });
  try {
    await waitUntilPlayable(api, asset.id, { everyMs: 250, deadlineMs: PATIENCE_MS, signal });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unavailable')) throw error;
    context.output.say(`Nobody has looked at the file yet. See later with: ${nextCommand(`show ${asset.id}`, options, context)}`);
    return;
  }
  sayHowToPlay(asset, options, context);
}

/** Uploads with a bar of its own; `demo` uses it as well. */
export async function uploadWithProgress(
  installation: Installation,
  file: SourceFile,
  memoryDirectory: string,
  { output, signal }: Context,
  settings: Pick<UploadFileOptions, 'policy' | 'title' | 'quality'>,
): Promise<UploadedFile> {
  const startedAt = Date.now();
  let firstBytes: number | undefined;
  const progress = createProgress('uploading', output);
  try {
    return await uploadFile({
      ...settings,
      api: createApiClient(installation, { patienceMs: PATIENCE_MS, signal }),
      file,
      memory: openUploadMemory(memoryDirectory, installation.apiUrl, file),
      signal,
      onResume: () => output.say('going on with the upload that was interrupted'),
      onProgress(sentBytes) {
        firstBytes ??= sentBytes;
        const bytesPerSecond = (sentBytes - firstBytes) / Math.max(0.001, (Date.now() - startedAt) / 1000);
        const speed = bytesPerSecond > 0 ? `  ${formatBytes(bytesPerSecond)}/s` : '';
        progress.update(file.sizeBytes === 0 ? 1 : sentBytes / file.sizeBytes, `${formatBytes(sentBytes)}${speed}`);
      },
    });
  } finally {
    progress.stop();
  }
}
