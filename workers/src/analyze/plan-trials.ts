import { planVideo } from '@mediaflow/shared/plan-video';
import { PREMIUM_PRESET, QUALITY_PROFILES } from '@mediaflow/shared/quality-profile';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import { chooseRungs, LADDER } from '@mediaflow/shared/rungs';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { sampleNumbers } from '../measure/sample-numbers.ts';
import type { RungTrials } from './choose-ladder.ts';
import type { TrialPoint } from './trial-curve.ts';

/**
 * One segment a minute, three at most: from 3 minutes on the cost is the same 12 s of film, tried five times over, twice
 * with plus's preset and three times with premium's.
 */
const MAX_SAMPLED_SEGMENTS = 3;
const SEGMENTS_A_SAMPLE = 15;
/** Against plus's rate factor. The other one is for content that plus does not make good enough. */
const PLUS_CRF_STEPS = [0, -4] as const;
/** Around where a slower preset reaches plus's picture. */
const PREMIUM_CRF_STEPS = [-2, 2, 6] as const;

export interface TrialPlan {
  /** The sampled segments. */
  readonly numbers: readonly number[];
  /** From large to small, the opening last. */
  readonly rungs: readonly Pick<RungTrials, 'rendition' | 'plusCrf'>[];
  /** What to encode: every rung with each of the rate factors, for each preset. */
  readonly plus: readonly (readonly VideoRendition[])[];
  readonly premium: readonly (readonly VideoRendition[])[];
}

/** Which segments, rungs and rate factors are tried; from the probe alone. */
export function planTrials(source: Source, timeline: Timeline): TrialPlan {
  const { video } = source;
  const rungs = video === undefined ? [] : chooseRungs(video, LADDER);
  const plan = (preset: string, step: number): readonly VideoRendition[] =>
    video === undefined ? [] : rungs.map((rung) => planVideo(video, timeline, { ...rung, crf: rung.crf + step }, preset));
  return {
    numbers: sampleNumbers(timeline.segmentCount, Math.min(MAX_SAMPLED_SEGMENTS, Math.ceil(timeline.segmentCount / SEGMENTS_A_SAMPLE))),
    rungs: plan(PREMIUM_PRESET, 0).map((rendition) => ({ rendition, plusCrf: rendition.crf })),
    plus: PLUS_CRF_STEPS.map((step) => plan(QUALITY_PROFILES.plus.preset, step)),
    premium: PREMIUM_CRF_STEPS.map((step) => plan(PREMIUM_PRESET, step)),
  };
}

/** Brings the trials' points, one list for each trial, to their rungs. */
export function trialRungs(
  { rungs }: TrialPlan,
  plus: readonly (readonly TrialPoint[])[],
  premium: readonly (readonly TrialPoint[])[],
): readonly RungTrials[] {
  const of = (trials: readonly (readonly TrialPoint[])[], index: number): readonly TrialPoint[] =>
    trials.map((points) => points[index]).filter((point) => point !== undefined);
  return rungs.map((rung, index) => ({ ...rung, plus: of(plus, index), premium: of(premium, index) }));
}
