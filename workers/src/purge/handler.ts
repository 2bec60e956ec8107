import type { PurgePayload } from '@mediaflow/shared/jobs';
import type { Handler } from '../handler.ts';

const CONCURRENT_DELETES = 8;

/** Deletes every object below the prefixes. Repeating it, or losing it half-way, is harmless. */
export const handlePurge: Handler<PurgePayload> = async ({ prefixes }, { signal, store, log }) => {
  let deleted = 0;
  for (const prefix of prefixes) {
    const keys = takeEach(store.list(prefix));
    const deleteNext = async (): Promise<void> => {
      for await (const { key } of keys) {
        signal.throwIfAborted();
        await store.delete(key);
        deleted += 1;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_DELETES }, deleteNext));
  }
  log.info({ deleted }, 'purged');
};

/** One that several loops may share: the first of them to throw closes it for all. */
async function* takeEach<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  yield* items;
}
