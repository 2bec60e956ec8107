import type Hls from 'hls.js';
import type { Level } from 'hls.js';

/** A row of the quality menu, in the shape media-chrome reads. */
export interface VideoRendition {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
}

/**
 * The `videoRenditions` of the media-tracks proposal (github.com/muxinc/media-elements), as far as media-chrome's quality
 * menu needs it: array-like, `selectedIndex` with -1 for automatic, and events when it changes.
 */
export class VideoRenditionList extends EventTarget {
  [index: number]: VideoRendition;
  length = 0;
  readonly #select: (index: number) => void;
  #selectedIndex = -1;

  constructor(select: (index: number) => void) {
    super();
    this.#select = select;
  }

  get selectedIndex(): number {
    return this.#selectedIndex;
  }

  set selectedIndex(index: number) {
    if (index === this.#selectedIndex) return;
    this.#selectedIndex = index;
    this.#select(index);
    this.dispatchEvent(new Event('change'));
  }

  replace(renditions: readonly VideoRendition[]): void {
    for (let index = 0; index < this.length; index += 1) delete this[index];
    this.length = renditions.length;
    renditions.forEach((rendition, index) => {
      this[index] = rendition;
    });
    this.dispatchEvent(new Event('addrendition'));
  }

  *[Symbol.iterator](): IterableIterator<VideoRendition> {
    for (let index = 0; index < this.length; index += 1) {
      const rendition = this[index];
      if (rendition !== undefined) yield rendition;
    }
  }
}

/** Puts the levels of `hls` on `video.videoRenditions`. Must run before media-chrome sees the element. */
export function offerRenditions(video: HTMLVideoElement, hls: Hls): VideoRenditionList {
  const list = new VideoRenditionList((index) => {
    // From the next segment on: switching at once would drop the buffer and stall the picture.
    hls.nextLevel = index;
  });
  Object.defineProperty(video, 'videoRenditions', { value: list, configurable: true });
  return list;
}

export const toRendition = (level: Level, index: number): VideoRendition => ({
  id: String(index),
  width: level.width,
  height: level.height,
  bitrate: level.bitrate,
});

export const shortSideOf = (level: { width: number; height: number }): number => Math.min(level.width, level.height);
