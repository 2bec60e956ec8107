import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { newAssetId } from '@mediaflow/shared/ids';
import { mediaPrefix } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HandlerContext } from '../handler.ts';
import { createHandlerContext } from '../testing/handler-context.ts';
import { handlePurge } from './handler.ts';

let directory: string;
let context: HandlerContext;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mediaflow-purge-'));
  ({ context } = await createHandlerContext(directory));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const [assetId, otherId] = [newAssetId(), newAssetId()];
const payload = { assetId, prefixes: [mediaPrefix(assetId)] };

async function fill(id: typeof assetId): Promise<void> {
  for (let number = 0; number < 20; number += 1) await context.store.put(`${mediaPrefix(id)}1/v240/${number}.m4s`, new Uint8Array([1]));
}

async function listAll(store: ObjectStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

test('removes all below the prefixes, and nothing else', async () => {
  await fill(assetId);
  await fill(otherId);
  await handlePurge(payload, context);
  const left = await listAll(context.store);
  expect(left).toHaveLength(20);
  expect(left.every((key) => key.startsWith(mediaPrefix(otherId)))).toBe(true);
});

test('a store that goes away between two keys of a slow list fails the purge, and leaves no rejection unheard', async () => {
  await fill(assetId);
  // The real store, but for a page of the list that takes until long after the deletes of the one before were refused.
  const store: ObjectStore = {
    ...context.store,
    async *list(prefix) {
      for await (const entry of context.store.list(prefix)) {
        yield entry;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    delete: () => Promise.reject(new AppError('unavailable', 'The object store does not answer.')),
  };
  await expect(handlePurge(payload, { ...context, store })).rejects.toMatchObject({ code: 'unavailable' });
});
