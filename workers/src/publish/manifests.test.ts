import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { newAssetId } from '@mediaflow/shared/ids';
import { type MediaObject, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FILM, STORED_FILM } from '../testing/manifest-content.ts';
import { type ManifestRevision, storeManifests, storePlaylists } from './manifests.ts';

let directory: string;
let store: ObjectStore;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mediaflow-manifests-'));
  store = createFolderStore(directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const estimated = (): ManifestRevision => ({ ...FILM, assetId: newAssetId(), version: 1, revision: 0 });

async function keysOf({ assetId }: ManifestRevision): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`media/${assetId}/`)) keys.push(key.slice(`media/${assetId}/1/`.length));
  return keys.toSorted();
}

async function readText({ assetId, version }: ManifestRevision, object: MediaObject): Promise<string> {
  const stored = await store.get(mediaKey({ assetId, version, object }));
  return new Response(stored?.body).text();
}

const PLAYLISTS = ['a0', 'a1', 't0', 't1', 'v360', 'v720'].map((id) => `${id}/playlist.m3u8`);

test('the playlists are there before the manifests that name them', async () => {
  const revision = estimated();
  await storePlaylists(store, revision);
  expect(await keysOf(revision)).toEqual(PLAYLISTS);
  await storeManifests(store, revision);
  expect(await keysOf(revision)).toEqual([...PLAYLISTS.slice(0, 2), 'main.m3u8', 'manifest.mpd', ...PLAYLISTS.slice(2)]);
});

test('a later revision stands beside the first, with I-frame playlists of what is measured', async () => {
  const first = estimated();
  const second = { ...first, ...STORED_FILM, revision: 1 };
  for (const revision of [first, second]) {
    await storePlaylists(store, revision);
    await storeManifests(store, revision);
  }
  const keys = await keysOf(first);
  for (const name of ['main.m3u8', 'main.1.m3u8', 'manifest.mpd', 'manifest.1.mpd', 'v720/iframes.m3u8', 'v360/iframes.m3u8']) {
    expect(keys).toContain(name);
  }
  expect(await readText(first, { kind: 'multivariant', revision: 0 })).toContain('filling');
  expect(await readText(first, { kind: 'multivariant', revision: 1 })).not.toContain('filling');
});

test('a later revision is written once; the first follows the last probe', async () => {
  const first = estimated();
  const other = first.renditions.filter(({ id }) => id !== 'v720');
  for (const revision of [0, 1]) {
    for (const renditions of [first.renditions, other]) await storeManifests(store, { ...first, revision, renditions });
  }
  expect(await readText(first, { kind: 'multivariant', revision: 0 })).not.toContain('v720');
  expect(await readText(first, { kind: 'dash', revision: 0 })).not.toContain('v720');
  expect(await readText(first, { kind: 'multivariant', revision: 1 })).toContain('v720');
  expect(await readText(first, { kind: 'dash', revision: 1 })).toContain('v720');
});
