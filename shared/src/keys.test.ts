import { describe, expect, it } from 'vitest';
import { newAssetId } from './ids.ts';
import { type MediaObject, mediaContentType, mediaKey, parseMediaKey, parseMediaPath, stringifyMediaPath } from './keys.ts';
import { assertObjectKey, assertObjectPrefix } from './object-store.ts';

const OBJECTS: readonly MediaObject[] = [
  { kind: 'multivariant', revision: 0 },
  { kind: 'multivariant', revision: 12 },
  { kind: 'dash', revision: 0 },
  { kind: 'dash', revision: 1 },
  { kind: 'poster' },
  { kind: 'playlist', renditionId: 'v720' },
  { kind: 'iframes', renditionId: 'v720-av1' },
  { kind: 'init', renditionId: 'a0' },
  { kind: 'segment', renditionId: 't3', number: 2 },
  { kind: 'segment', renditionId: 'v2160', number: 0 },
  { kind: 'segment', renditionId: 'a12', number: 21_599 },
];

describe('media keys', () => {
  it.each(OBJECTS)('of %o are read back and are good store keys', (object) => {
    const location = { assetId: newAssetId(), version: 3, object };
    const key = mediaKey(location);
    expect(assertObjectKey(key)).toBe(key);
    expect(parseMediaKey(key)).toEqual(location);
    expect(parseMediaPath(stringifyMediaPath(object))).toEqual(object);
    expect(mediaContentType(object)).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
  });

  it.each([
    '',
    'main.m3u8/',
    'main.0.m3u8',
    'main.01.m3u8',
    'main..m3u8',
    'manifest.m3u8',
    'main.mpd',
    't0/init.mp4',
    't0/0.m4s',
    'v720/0.vtt',
    'a0/iframes.m3u8',
    'v720-vp9/0.m4s',
    'v720-/0.m4s',
    '../main.m3u8',
    'v720/../v1080/0.m4s',
    'v720//0.m4s',
    'v0720/0.m4s',
    'v720/00.m4s',
    'v720/-1.m4s',
    'v720/1e3.m4s',
    'v720/99999999.m4s',
    'v720/0.m4s.json',
    'v720\\0.m4s',
    'V720/0.m4s',
    'v720/%30.m4s',
    'v720/0.m4s\n',
    'toString',
  ])('refuse the path %j', (path) => {
    expect(parseMediaPath(path)).toBeUndefined();
  });

  it.each(['media/x/1/main.m3u8', `media/${'a'.repeat(32)}/0/main.m3u8`, `media/${'a'.repeat(32)}/1/`, `sources/${'a'.repeat(32)}/1`])(
    'refuse the key %j',
    (key) => {
      expect(parseMediaKey(key)).toBeUndefined();
    },
  );
});

describe('assertObjectKey', () => {
  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/./b', '.hidden', 'a/.tmp', 'a\0b', 'a b', 'ä', 'a\\b', 'x'.repeat(1025)])(
    'refuses %j',
    (key) => {
      expect(() => assertObjectKey(key)).toThrow(TypeError);
    },
  );
});

describe('assertObjectPrefix', () => {
  it('takes every beginning of a key', () => {
    const key = mediaKey({ assetId: newAssetId(), version: 1, object: { kind: 'segment', renditionId: 'v720', number: 10 } });
    for (let end = 0; end <= key.length; end += 1) expect(assertObjectPrefix(key.slice(0, end))).toBe(key.slice(0, end));
  });

  it.each(['/', '..', '../', 'a//', 'a/../', '.', 'a/.', ' '])('refuses %j', (prefix) => {
    expect(() => assertObjectPrefix(prefix)).toThrow(TypeError);
  });
});
