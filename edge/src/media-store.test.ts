import { expect, it } from 'vitest';
import { createCachedStore } from './media-store.ts';
import type { MediaCache, ReadableObject } from './ports.ts';

const PLACE = { key: 'media/1', cacheKey: 'media/1', contentType: 'video/mp4' };
const OBJECT: ReadableObject = { body: new Uint8Array(10), sizeBytes: 10, etag: '"e"' };
const noWork = (): void => undefined;

it('does not ask the store for what another has fetched since the look into the cache', async () => {
  const kept = new Map<string, ReadableObject>();
  const firstLook = Promise.withResolvers<undefined>();
  let looks = 0;
  let reads = 0;
  const cache: MediaCache = {
    // The first look is a slow one: what it saw is old when it is told.
    match: (key) => (looks++ === 0 ? firstLook.promise : Promise.resolve(kept.get(key))),
    put: async (key, object) => void kept.set(key, object),
  };
  const store = createCachedStore(cache, {
    name: 'origin',
    head: async () => undefined,
    get: async () => {
      reads += 1;
      return OBJECT;
    },
  });
  const slow = store.read(PLACE, noWork);
  expect(await store.read(PLACE, noWork)).toMatchObject({ outcome: 'miss' });
  await Promise.resolve();
  firstLook.resolve(undefined);
  expect(await slow).toMatchObject({ outcome: 'joined' });
  expect(reads).toBe(1);
});

it('takes half of a segment for none, and keeps nothing of it', async () => {
  const half = new Uint8Array([0, 0, 0, 32, ...new TextEncoder().encode('styp'), 0, 0, 0, 0]);
  const kept: string[] = [];
  const cache: MediaCache = { match: async () => undefined, put: async (key) => void kept.push(key) };
  const object = { body: half, sizeBytes: half.length, etag: '"e"' };
  const store = createCachedStore(cache, { name: 'origin', head: async () => object, get: async () => object });
  expect(await store.read({ ...PLACE, object: { kind: 'init', renditionId: 'v720' } }, noWork)).toBeUndefined();
  expect(kept).toEqual([]);
  // A customer's own file is his own affair.
  expect(await store.read(PLACE, noWork)).toMatchObject({ outcome: 'miss' });
});
