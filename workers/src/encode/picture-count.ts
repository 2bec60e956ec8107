/** Pictures of the source that a window should show, on the grid, and how many of them were damaged or missing. */
export interface PictureCount {
  readonly total: number;
  readonly damaged: number;
}

/** What a decoder says of references alone: usual when it begins in the middle of a stream, where pictures before are not there. */
const HARMLESS =
  /mmco: unref short|co located POCs|missing reference|reference picture missing|could not find ref with poc|reference frames .* exceeds/i;

/**
 * Whether ffmpeg's messages (`-v level+warning`: `[h264 @ 0x…] [error] …`) hint at damage, so that pictures are worth a
 * count. Errors do, and of the warnings those of packets and pictures that are known to be corrupt.
 */
export const mayBeDamaged = (messages: string): boolean =>
  messages
    .split('\n')
    .some((line) => (/\[(?:error|fatal)\]/.test(line) && !HARMLESS.test(line)) || (line.includes('[warning]') && /corrupt/i.test(line)));

export interface CodedPictures {
  /** Grid index of every coded picture that the file holds from somewhere before the window to its end. */
  readonly coded: readonly number[];
  /** Of those that decode without an error. */
  readonly intact: readonly number[];
}

export interface CountedWindow {
  readonly first: number;
  /** After the last: no further than the source's pictures reach. */
  readonly end: number;
  /** A picture that stands for longer than this, in a place that is damaged, hides pictures that are lost altogether. */
  readonly longestHold: number;
}

/** A grid point is damaged when the picture that belongs there does not decode, or is missing from the file. */
export function countPictures({ coded, intact }: CodedPictures, { first, end, longestHold }: CountedWindow): PictureCount {
  const sorted = [...new Set([...coded, ...intact])].toSorted((a, b) => a - b);
  const good = new Set(intact);
  let damaged = 0;
  let next = 0;
  for (let frame = first; frame < end; frame += 1) {
    while ((sorted[next] ?? Number.POSITIVE_INFINITY) <= frame) next += 1;
    const shown = sorted[next - 1];
    if (shown === undefined || frame - shown >= longestHold || !good.has(shown)) damaged += 1;
  }
  return { total: Math.max(0, end - first), damaged };
}
