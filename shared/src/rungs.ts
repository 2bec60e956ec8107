import type { VideoStream } from './source.ts';

/** A row of the ladder: one size, and what it may cost. */
export interface Rung {
  /** Pixels of the shorter side: portrait 1080x1920 is a 1080 rung. */
  readonly shortSide: number;
  readonly crf: number;
  /** Cap at up to 30 frames a second; half as much again above that. */
  readonly maxBitrateBps: number;
}

/** From the measured ladder of `docs/performance.md`: CRF with a cap, x264 veryfast. */
export const LADDER: readonly Rung[] = [
  { shortSide: 2160, crf: 21, maxBitrateBps: 16_000_000 },
  { shortSide: 1440, crf: 21, maxBitrateBps: 9_000_000 },
  { shortSide: 1080, crf: 21, maxBitrateBps: 5_000_000 },
  { shortSide: 720, crf: 21, maxBitrateBps: 2_800_000 },
  { shortSide: 480, crf: 21, maxBitrateBps: 1_400_000 },
  { shortSide: 360, crf: 21, maxBitrateBps: 800_000 },
  { shortSide: 240, crf: 22, maxBitrateBps: 400_000 },
];

/** A source this much larger than the highest rung below it gets a rung of its own size. */
const NATIVE_RUNG_FACTOR = 1.15;
const LEAST_BITRATE_BPS = 150_000;

/** The rungs that a source fills, from large to small; never above its own size. */
export function chooseRungs(video: VideoStream, ladder: readonly Rung[]): readonly Rung[] {
  const shortSide = Math.min(video.width, video.height);
  const fitting = ladder.filter((rung) => rung.shortSide <= shortSide);
  const [top] = fitting;
  if (top !== undefined && shortSide < top.shortSide * NATIVE_RUNG_FACTOR) return fitting;
  const above = ladder.findLast((rung) => rung.shortSide > shortSide);
  // A source above the whole ladder is scaled down to its top rung.
  if (above === undefined) return fitting;
  const scale = (shortSide / above.shortSide) ** 2;
  const native = {
    ...above,
    shortSide: evenAtLeast2(shortSide),
    maxBitrateBps: Math.max(LEAST_BITRATE_BPS, Math.round(above.maxBitrateBps * scale)),
  };
  return [native, ...fitting];
}

export const evenAtLeast2 = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
