import { parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import { parseMediaPath } from '@mediaflow/shared/keys';
import { shortSideOfId } from '@mediaflow/shared/rendition';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterVariants } from './filter-variants.ts';

const build = (shortSides: readonly number[]) =>
  parseMultivariantPlaylist(
    `#EXTM3U\n${shortSides.map((side) => `#EXT-X-STREAM-INF:BANDWIDTH=${side * 1000}\nv${side}/playlist.m3u8\n`).join('')}`,
  );

const shortSidesOf = (playlist: ReturnType<typeof build>): readonly number[] =>
  playlist.entries.flatMap((entry) => {
    const object = entry.kind === 'variant' ? parseMediaPath(entry.uri) : undefined;
    return object !== undefined && 'renditionId' in object ? (shortSideOfId(object.renditionId) ?? []) : [];
  });

const sides = fc.uniqueArray(fc.integer({ min: 1, max: 2160 }), { minLength: 1, maxLength: 7 });
const limit = fc.option(fc.integer({ min: 1, max: 2160 }), { nil: undefined });

it('never empties, keeps all that fits, and caps the session to exactly what it kept', () => {
  fc.assert(
    fc.property(sides, limit, limit, (all, maxShortSide, minShortSide) => {
      const rules = { ...(maxShortSide !== undefined && { maxShortSide }), ...(minShortSide !== undefined && { minShortSide }) };
      const { playlist, caps } = filterVariants(build(all), rules);
      const kept = shortSidesOf(playlist);
      expect(kept.length).toBeGreaterThan(0);
      const fitting = all.filter((side) => side <= (maxShortSide ?? 9999) && side >= (minShortSide ?? 0));
      if (fitting.length > 0) expect(kept).toEqual(fitting);
      else expect(kept).toHaveLength(1);
      const isFree = maxShortSide === undefined && minShortSide === undefined;
      expect(caps).toEqual(
        isFree ? { maxShortSide: 0, minShortSide: 0 } : { maxShortSide: Math.max(...kept), minShortSide: Math.min(...kept) },
      );
    }),
  );
});

it('never goes above an upper limit that anything fits', () => {
  fc.assert(
    fc.property(sides, fc.integer({ min: 1, max: 2160 }), limit, (all, maxShortSide, minShortSide) => {
      const kept = shortSidesOf(filterVariants(build(all), { maxShortSide, minShortSide: minShortSide ?? 0 }).playlist);
      if (all.some((side) => side <= maxShortSide)) expect(Math.max(...kept)).toBeLessThanOrEqual(maxShortSide);
      else expect(kept).toEqual([Math.min(...all)]);
    }),
  );
});

it('leaves a film without pictures alone', () => {
  const audio = parseMultivariantPlaylist('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=150000\na0/playlist.m3u8\n');
  expect(filterVariants(audio, { maxShortSide: 360 })).toEqual({ playlist: audio, caps: { maxShortSide: 0, minShortSide: 0 } });
});

it('orders variants and nothing else', () => {
  const text =
    '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv240/playlist.m3u8\n#EXT-X-FOO:1\n#EXT-X-STREAM-INF:BANDWIDTH=2\nv360/playlist.m3u8\n';
  const { playlist } = filterVariants(parseMultivariantPlaylist(text), { order: 'desc' });
  expect(playlist.entries.map((entry) => entry.kind)).toEqual(['line', 'variant', 'line', 'variant']);
  expect(shortSidesOf(playlist)).toEqual([360, 240]);
});
