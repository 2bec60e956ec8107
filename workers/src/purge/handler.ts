import type { PurgePayload } from '@mediaflow/shared/jobs';
import type { Handler } from '../handler.ts';

const CONCURRENT_DELETES = 8;

/** Deletes every object below the prefixes. Repeating it, or losing it half-way, is harmless. */
export const handlePurge: Handler<PurgePayload> = async ({ prefixes }, { signal, store, log }) => {
  let deleted = 0;
  for (const prefix of prefixes) {
    let batch: Promise<void>[] = [];
    for await (const { key } of store.list(prefix)) {
      signal.throwIfAborted();
      batch.push(store.delete(key));
      deleted += 1;
      if (batch.length < CONCURRENT_DELETES) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
  }
  log.info({ deleted }, 'purged');
};
