import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@mediaflow/platform/storage/open-store';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkExternal } from './check-external.ts';
import { createManifestReader } from './manifest-reader.ts';

let directory: string;
let store: ObjectStore;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mediaflow-external-'));
  store = openStore({ kind: 'folder', directory });
});
afterAll(() => rm(directory, { recursive: true }));

const MEDIA = { prefix: 'external/film/', manifest: 'main.m3u8' };
const put = (path: string, text: string): Promise<void> => store.put(MEDIA.prefix + path, new TextEncoder().encode(text));
const playlistOf = (sizeBytes: number): string => '#EXTM3U\n#EXT-X-TARGETDURATION:4\n'.padEnd(sizeBytes, '#');

test('playlists are read until they are too much together', async () => {
  for (const path of ['a.m3u8', 'b.m3u8', 'c.m3u8']) await put(path, playlistOf(100));
  const read = createManifestReader(store, MEDIA, 200);
  expect([(await read('a.m3u8')).kind, (await read('b.m3u8')).kind]).toEqual(['media', 'media']);
  await expect(read('c.m3u8')).rejects.toMatchObject({
    code: 'invalid_parameters',
    message: 'inputs: the playlist "c.m3u8" cannot be registered. With it the playlists are larger than 200 bytes together.',
  });
});

/** A store that has these files to read; whatever is only looked for is there. */
function storeOf(files: ReadonlyMap<string, string>, asked: string[] = []): Pick<ObjectStore, 'head' | 'get'> {
  return {
    head: async (key) => {
      asked.push(key);
      return { sizeBytes: 1, etag: '"0"' };
    },
    async get(key) {
      asked.push(key);
      const blob = new Blob([files.get(key.slice(MEDIA.prefix.length)) ?? '']);
      if (blob.size === 0) return undefined;
      return { sizeBytes: blob.size, etag: '"0"', range: { offset: 0, length: blob.size }, body: blob.stream() };
    },
  };
}

test('after the first that is refused no more are read', async () => {
  const paths = Array.from({ length: 200 }, (_, index) => `${index}.m3u8`);
  const files = new Map(paths.slice(1).map((path) => [path, '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n']));
  files.set('main.m3u8', `#EXTM3U\n${paths.map((path) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${path}\n`).join('')}`);
  const asked: string[] = [];
  await expect(checkExternal(storeOf(files, asked), MEDIA)).rejects.toThrow('"0.m3u8" cannot be registered. It is not stored.');
  const askedUntilThen = asked.filter((key) => key.endsWith('.m3u8')).length;
  for (let turn = 0; turn < 1_000; turn += 1) await new Promise(setImmediate);
  expect(asked.filter((key) => key.endsWith('.m3u8')).length).toBe(askedUntilThen);
});

test.each([
  [10_000, undefined],
  [10_001, 'names more than 10000 files'],
])('an MPD that names %i files: %s', async (count, refusal) => {
  const representations = Array.from(
    { length: count },
    (_, index) => `<Representation id="${index}"><SegmentTemplate initialization="${index}.mp4" media="$Number$.m4s"/></Representation>`,
  );
  const mpd = `<MPD type="static" mediaPresentationDuration="PT8S"><Period><AdaptationSet contentType="video">${representations.join('')}</AdaptationSet></Period></MPD>`;
  const asked: string[] = [];
  const check = checkExternal(storeOf(new Map([['main.mpd', mpd]]), asked), { ...MEDIA, manifest: 'main.mpd' });
  if (refusal === undefined) await expect(check).resolves.toMatchObject({ durationMs: 8000 });
  else await expect(check).rejects.toThrow(refusal);
  expect(asked.length).toBe(refusal === undefined ? 1 + count : 1);
});
