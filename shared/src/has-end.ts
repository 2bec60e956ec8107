import type { MediaObject } from './keys.ts';

/** What an object begins and ends with, one character a byte. */
interface Frame {
  readonly start: string;
  readonly end: string;
}

const MULTIVARIANT: Frame = { start: '#EXTM3U', end: '\n' };
const PLAYLIST: Frame = { start: '#EXTM3U', end: '#EXT-X-ENDLIST\n' };
const MPD: Frame = { start: '<?xml', end: '</MPD>\n' };
const TEXT: Frame = { start: 'WEBVTT', end: '\n' };
/** Start and end of image (ITU-T T.81, B.1.1.3). */
const JPEG: Frame = { start: '\xff\xd8', end: '\xff\xd9' };

/** Undefined for what consists of boxes, which say themselves how long they are (`judgeLength`). */
function frameOf(object: MediaObject): Frame | undefined {
  switch (object.kind) {
    case 'multivariant':
      return MULTIVARIANT;
    case 'playlist':
    case 'iframes':
      return PLAYLIST;
    case 'dash':
      return MPD;
    case 'poster':
      return JPEG;
    case 'init':
      return undefined;
    case 'segment':
      return object.renditionId.startsWith('t') ? TEXT : undefined;
  }
}

export const isBoxed = (object: MediaObject): boolean => frameOf(object) === undefined;

/**
 * Whether an object of ours has its end. A multivariant playlist and a text have no more of one than that of a line. Of what begins
 * as none of ours nothing is known, and nothing held against it, unless it begins with zero: that is what a disk has where nothing was
 * written (`judgeLength`).
 */
export function hasEnd(object: MediaObject, bytes: Uint8Array): boolean {
  const frame = frameOf(object);
  if (frame === undefined) return true;
  const { start, end } = frame;
  const text = (part: Uint8Array): string => String.fromCharCode(...part);
  const isForeign = bytes[0] !== 0 && text(bytes.subarray(0, start.length)) !== start;
  return isForeign || text(bytes.subarray(-end.length)) === end;
}
