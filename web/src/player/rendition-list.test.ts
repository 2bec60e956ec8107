import { describe, expect, it } from 'vitest';
import { type VideoRendition, VideoRenditionList } from './rendition-list.ts';

const rendition = (shortSide: number): VideoRendition => ({
  id: String(shortSide),
  width: (shortSide * 16) / 9,
  height: shortSide,
  bitrate: shortSide * 1000,
});

describe('VideoRenditionList', () => {
  it('can be read by index, by length and one after the other, as media-chrome does', () => {
    const list = new VideoRenditionList(() => undefined);
    list.replace([rendition(240), rendition(720)]);
    expect([...list]).toEqual([rendition(240), rendition(720)]);
    expect(list.length).toBe(2);
    expect(list[1]).toEqual(rendition(720));
    expect(Array.prototype.findIndex.call(list, ({ id }: VideoRendition) => id === '720')).toBe(1);
  });

  it('leaves nothing of a longer list behind', () => {
    const list = new VideoRenditionList(() => undefined);
    list.replace([rendition(240), rendition(720)]);
    list.replace([rendition(1080)]);
    expect([...list]).toEqual([rendition(1080)]);
    expect(list[1]).toBeUndefined();
  });

  it('is automatic until told otherwise, and tells the engine and the menu once for each change', () => {
    const selected: number[] = [];
    const list = new VideoRenditionList((index) => selected.push(index));
    let changes = 0;
    list.addEventListener('change', () => {
      changes += 1;
    });
    expect(list.selectedIndex).toBe(-1);
    for (const index of [-1, 1, 1, -1]) list.selectedIndex = index;
    expect(selected).toEqual([1, -1]);
    expect(changes).toBe(2);
  });
});
