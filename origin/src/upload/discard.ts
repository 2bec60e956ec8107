import { sourcePrefix } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { DataStore } from '@tus/server';
import type { SourceDigests } from './hashing.ts';
import type { AttemptLocker } from './locker.ts';
import { type SourceAttempt, toSourceKey } from './path.ts';

export interface DiscardPorts {
  readonly uploads: DataStore;
  readonly store: ObjectStore;
  readonly digests: SourceDigests;
  readonly locker: AttemptLocker;
}

/** Removes all that is stored of one attempt; a write that is under way is asked to end first. */
export async function discardAttempt({ uploads, store, digests, locker }: DiscardPorts, source: SourceAttempt): Promise<void> {
  const key = toSourceKey(source);
  await locker.withLock(key, async () => {
    await uploads.remove(key).catch(ignoreAbsence);
    // The stock stores leave their notes and, on S3, the last incomplete part.
    await deleteAll(store, key);
  });
  digests.forget(key);
}

/** Removes what earlier attempts left, once one of them became the source. */
export async function discardOtherAttempts({ store }: DiscardPorts, { uploadId, attempt }: SourceAttempt): Promise<void> {
  await deleteAll(store, sourcePrefix(uploadId), (key) => !key.startsWith(toSourceKey({ uploadId, attempt })));
}

/** Removes every object of an upload. */
export async function discardUpload(ports: DiscardPorts, source: SourceAttempt): Promise<void> {
  await discardAttempt(ports, source);
  await deleteAll(ports.store, sourcePrefix(source.uploadId));
}

async function deleteAll(store: ObjectStore, prefix: string, shouldDelete: (key: string) => boolean = () => true): Promise<void> {
  for await (const { key } of store.list(prefix)) {
    if (shouldDelete(key)) await store.delete(key);
  }
}

function ignoreAbsence(error: unknown): void {
  const status = typeof error === 'object' && error !== null && 'status_code' in error ? error.status_code : undefined;
  if (status !== 404 && status !== 410) throw error;
}
