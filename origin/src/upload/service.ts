import type { StoreConfig } from '@mediaflow/platform/config';
import type { Log } from '@mediaflow/platform/log';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { SecondCodec } from '@mediaflow/shared/rendition';
import type { HmacKey } from '@mediaflow/shared/signed';
import type { DataStore } from '@tus/server';
import type { Db } from '../db/schema.ts';
import { clearAttempt } from '../db/uploads.ts';
import { runPeriodically } from '../periodic.ts';
import { beginAttempt } from './begin.ts';
import { createDigestFiller } from './digest-filler.ts';
import { type DiscardPorts, discardAttempt, discardOtherAttempts } from './discard.ts';
import { chooseFileName } from './file-name.ts';
import { finishUpload } from './finish.ts';
import { FolderUploadStore } from './folder-store.ts';
import { createUploadHandler, type UploadHandler } from './handler.ts';
import { createSourceDigests, type SourceDigests } from './hashing.ts';
import { createLocker } from './locker.ts';
import { type SourceAttempt, toSourceKey } from './path.ts';
import { S3UploadStore } from './s3-store.ts';
import { sweepUploads } from './sweep.ts';
import { createTusServer } from './tus.ts';

export interface UploadServiceOptions {
  readonly db: Db;
  readonly store: ObjectStore;
  readonly storeConfig: StoreConfig;
  readonly grantKey: HmacKey;
  readonly uploadUrl: string;
  readonly maxUploadBytes: number;
  /** Made of every upload beside H.264. */
  readonly secondCodec?: SecondCodec;
  readonly log: Log;
}

export interface UploadService {
  readonly handle: UploadHandler;
  /** Looks after ended and finished uploads soon instead of at the next turn. */
  sweepSoon(): void;
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = 5_000;
/** Longer than a writer needs to end: the drain time, and on S3 the part it holds. */
const LOCK_WAIT_MS = 15_000;

/** The upload host: TUS in front, the sweeper behind. */
export function createUploadService(options: UploadServiceOptions): UploadService {
  const { db, store, log } = options;
  const digests = createSourceDigests();
  const locker = createLocker(LOCK_WAIT_MS);
  const uploads = openUploadStore(options, digests);
  const ports: DiscardPorts = { uploads, store, digests, locker };
  const inBackground = (task: Promise<void>, source: SourceAttempt): void => {
    task.catch((error: unknown) => log.warn({ err: error, ...source }, 'background task of an upload failed'));
  };

  async function finish(source: SourceAttempt, sizeBytes: number): Promise<void> {
    const key = toSourceKey(source);
    const sha256 = digests.read(key, sizeBytes);
    const assetId = await finishUpload(db, { ...source, sizeBytes, ...(sha256 !== undefined && { sha256 }) }, options);
    digests.forget(key);
    log.info({ ...source, assetId, sizeBytes }, 'upload finished');
    if (sha256 === undefined) digesting.kick();
    // Not awaited: for a large file it would take as long as the upload did.
    if (uploads instanceof FolderUploadStore) inBackground(uploads.flush(key), source);
    inBackground(sizeBytes === 0 ? discardAttempt(ports, source) : discardOtherAttempts(ports, source), source);
  }

  const tus = createTusServer({
    uploads,
    locker,
    maxUploadBytes: options.maxUploadBytes,
    uploadUrl: options.uploadUrl,
    log,
    onFinish: finish,
    async onCreate(source, metadata) {
      const previous = await beginAttempt(db, source, chooseFileName(metadata));
      if (previous !== undefined) inBackground(discardAttempt(ports, previous), previous);
    },
    async onTerminate(source) {
      await discardAttempt(ports, source);
      await clearAttempt(db, source.uploadId, source.attempt);
    },
  });
  const sweeping = runPeriodically('sweep uploads', SWEEP_EVERY_MS, () => sweepUploads({ ...ports, db, log, finish }), log);
  const digesting = runPeriodically('fill digests', SWEEP_EVERY_MS, createDigestFiller({ db, store, log }), log);

  return {
    handle: createUploadHandler({ db, tus, grantKey: options.grantKey, log }),
    sweepSoon: sweeping.kick,
    async close() {
      await Promise.all([sweeping.close(), digesting.close()]);
    },
  };
}

function openUploadStore({ storeConfig, maxUploadBytes }: UploadServiceOptions, digests: SourceDigests): DataStore {
  return storeConfig.kind === 'folder'
    ? new FolderUploadStore(storeConfig.directory, digests)
    : new S3UploadStore(storeConfig, maxUploadBytes, digests);
}
