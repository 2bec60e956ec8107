import type { VideoQuality } from './rendition.ts';
import type { Rung } from './rungs.ts';

/** What a `video_quality` means for the H.264 renditions that a probe plans. */
export interface QualityProfile {
  /** Of x264. */
  readonly preset: string;
  /** Added to the rung's own rate factor. */
  readonly crfOffset: number;
  /** The rungs to encode, out of those that the source fills, from large to small. */
  readonly select: (rungs: readonly Rung[]) => readonly Rung[];
}

const BASIC_MAX_SHORT_SIDE = 1080;
const BASIC_LOW_SHORT_SIDE = 360;

/**
 * - `basic` makes the least work: the full picture and one for slow lines. superfast costs 30 to 37 % less CPU than
 *   veryfast, and its rate factor keeps the bits below plus's. ultrafast would save as much again, but at 2.5 x
 *   superfast's bits for a worse picture; and without CABAC and 8x8 transforms it is not High profile (docs/quality.md).
 * - `plus` is the ladder as it stands.
 * - `premium` begins with plus's opening, so that it plays as soon; trial encodes then choose the rest (docs/adr/0010).
 */
export const QUALITY_PROFILES: Readonly<Record<VideoQuality, QualityProfile>> = {
  basic: { preset: 'superfast', crfOffset: 4, select: topAndLow },
  plus: { preset: 'veryfast', crfOffset: 0, select: (rungs) => rungs },
  premium: { preset: 'veryfast', crfOffset: 0, select: (rungs) => rungs.slice(-1) },
};

/** x264's preset for the renditions that premium chooses: 17 % fewer bits than veryfast for the same SSIM, at 3 x the CPU. */
export const PREMIUM_PRESET = 'medium';

function topAndLow(rungs: readonly Rung[]): readonly Rung[] {
  const [top, ...rest] = rungs.filter(({ shortSide }) => shortSide <= BASIC_MAX_SHORT_SIDE);
  // A source whose every rung is larger than basic makes is not in the ladder; its smallest one is the nearest.
  if (top === undefined) return rungs.slice(-1);
  const lowSide = Math.min(BASIC_LOW_SHORT_SIDE, (top.shortSide * 2) / 3);
  const low = rest.find(({ shortSide }) => shortSide <= lowSide);
  return low === undefined ? [top] : [top, low];
}
