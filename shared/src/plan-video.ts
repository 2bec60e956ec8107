import { codecLevel } from './codec-level.ts';
import { toNumber } from './rational.ts';
import { type SecondCodec, shortSideOf, type VideoCodec, type VideoRendition } from './rendition.ts';
import { evenAtLeast2, type Rung } from './rungs.ts';
import type { VideoStream } from './source.ts';
import type { Timeline } from './timeline.ts';

/** One thread costs the least CPU; a larger picture would take too long when a viewer waits for its segment. */
const MAX_SINGLE_THREAD_SHORT_SIDE = 1080;
const LARGE_THREADS = 4;
/** Above this many frames a second a rung may cost half as much again. */
const HIGH_RATE = 31;

/** The H.264 rendition of one rung. Its `preset` is x264's. */
export function planVideo(video: VideoStream, timeline: Timeline, rung: Rung, preset: string): VideoRendition {
  const aspect = video.width / video.height;
  const longSide = evenAtLeast2(rung.shortSide * Math.max(aspect, 1 / aspect));
  const [width, height] = aspect >= 1 ? [longSide, rung.shortSide] : [rung.shortSide, longSide];
  const isHighRate = toNumber(timeline.frameRate) > HIGH_RATE;
  const maxBitrateBps = isHighRate ? Math.round(rung.maxBitrateBps * 1.5) : rung.maxBitrateBps;
  return withCodec('h264', {
    kind: 'video',
    preset,
    threads: rung.shortSide > MAX_SINGLE_THREAD_SHORT_SIDE ? LARGE_THREADS : 1,
    width,
    height,
    frameRate: timeline.frameRate,
    crf: rung.crf,
    maxBitrateBps,
    bufferBits: maxBitrateBps,
  });
}

/**
 * How a second codec reaches the picture of H.264: its own rate factor where veryfast x264's is 21, how far it moves for
 * one step of x264's, and its cap against H.264's. Measured at 720p (docs/quality.md).
 */
const SECOND_CODEC_PLANS: Readonly<
  Record<SecondCodec, { preset: string; crf: number; crfStep: number; maxCrf: number; capFactor: number }>
> = {
  hevc: { preset: 'fast', crf: 24, crfStep: 1, maxCrf: 51, capFactor: 0.7 },
  av1: { preset: '10', crf: 35, crfStep: 1.6, maxCrf: 63, capFactor: 0.6 },
};
/** The rate factor with which each preset of x264 reaches the picture that veryfast has at 21. */
const EQUAL_CRFS: ReadonlyMap<string, number> = new Map([
  ['superfast', 23],
  ['veryfast', 21],
  ['medium', 24],
]);
/** SVT-AV1 refuses smaller sides. */
const LEAST_SIDE = 64;

/**
 * The upper renditions once more in another codec: those of at least half the largest's short side. Below that a stream
 * is small already, and every rendition more costs a segment of each in store.
 */
export function planSecondCodec(renditions: readonly VideoRendition[], codec: SecondCodec): readonly VideoRendition[] {
  const plan = SECOND_CODEC_PLANS[codec];
  const leastShortSide = Math.max(LEAST_SIDE, Math.max(0, ...renditions.map(shortSideOf)) / 2);
  return renditions
    .filter((rendition) => shortSideOf(rendition) >= leastShortSide)
    .map((rendition) => {
      const crfSteps = rendition.crf - (EQUAL_CRFS.get(rendition.preset) ?? rendition.crf);
      const maxBitrateBps = Math.round(rendition.maxBitrateBps * plan.capFactor);
      return withCodec(codec, {
        ...rendition,
        preset: plan.preset,
        // Neither encoder makes the same bytes for every number of threads.
        threads: 1,
        crf: Math.min(plan.maxCrf, Math.max(1, Math.round(plan.crf + crfSteps * plan.crfStep))),
        maxBitrateBps,
        bufferBits: maxBitrateBps,
      });
    });
}

function withCodec(codec: VideoCodec, rendition: Omit<VideoRendition, 'id' | 'codec' | 'level' | 'codecs'>): VideoRendition {
  const { width, height, frameRate, maxBitrateBps } = rendition;
  return {
    ...rendition,
    id: `v${Math.min(width, height)}${codec === 'h264' ? '' : `-${codec}`}`,
    codec,
    ...codecLevel(codec, { width, height, framesPerSecond: toNumber(frameRate), maxBitrateBps }),
  };
}
