import type { Saving } from '@mediaflow/shared/jobs';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import { bitrateAt, crfAt, pointAt, type TrialPoint } from './trial-curve.ts';

/** The trials of one rung. */
export interface RungTrials {
  /** As premium would encode it; its rate factor is what is to be chosen. */
  readonly rendition: VideoRendition;
  /** Plus's rate factor for this rung. */
  readonly plusCrf: number;
  /** With plus's preset, that factor among them. */
  readonly plus: readonly TrialPoint[];
  /** With premium's preset. */
  readonly premium: readonly TrialPoint[];
}

export interface ChosenLadder {
  /** Without the opening, which is encoded already; from large to small. */
  readonly renditions: readonly VideoRendition[];
  readonly savings: readonly Saving[];
}

/** Content so hard that plus stays below this gets more bits from premium, as far as the rung's cap allows. */
const LEAST_SSIM = 0.96;
/** A rung must show this much more than the one below it, on the largest rung's screen, ... */
const LEAST_STEP_SSIM = 0.005;
/** ... and cost this much more: two rungs of one rate are no choice. */
const LEAST_STEP_BITRATE = 1.15;

interface Candidate {
  readonly trials: RungTrials;
  /** What premium would make of it. */
  readonly point: TrialPoint;
}

/**
 * Each rung's rate factor, so that it looks as it would in plus, for fewer bits; and of the rungs those that bring
 * something. The largest and the opening stay.
 *
 * @param rungs from large to small; the last one is the opening
 */
export function chooseLadder(rungs: readonly RungTrials[]): ChosenLadder {
  const candidates = rungs.map((trials) => ({ trials, point: choosePoint(trials) }));
  const opening = candidates.at(-1);
  if (opening === undefined) return { renditions: [], savings: [] };
  const chosen = dropUseless(candidates).filter((candidate) => candidate !== opening);
  return {
    renditions: chosen.map(({ trials, point }) => ({ ...trials.rendition, crf: point.crf })),
    savings: chosen.map(({ trials, point }) => ({
      renditionId: trials.rendition.id,
      ssim: point.ssim,
      premiumBitrateBps: Math.round(point.bitrateBps),
      plusBitrateBps: Math.round(bitrateAt(trials.plus, point.ssim)),
    })),
  };
}

function choosePoint({ plusCrf, plus, premium }: RungTrials): TrialPoint {
  const target = Math.max(LEAST_SSIM, pointAt(plus, plusCrf).ssim);
  return pointAt(premium, Math.round(crfAt(premium, target) * 10) / 10);
}

/** From the opening upwards, each against the last one kept. */
function dropUseless(candidates: readonly Candidate[]): readonly Candidate[] {
  const [top, ...rest] = candidates;
  const opening = rest.pop();
  if (top === undefined || opening === undefined) return candidates;
  const kept = [opening];
  for (const candidate of rest.toReversed()) {
    if (isWorthwhile(candidate, kept.at(-1))) kept.push(candidate);
  }
  // The largest stays whatever it brings; then what it makes useless goes.
  const last = kept.at(-1);
  if (last !== opening && !isWorthwhile(top, last)) kept.pop();
  return [top, ...kept.toReversed()];
}

const isWorthwhile = ({ point }: Candidate, below: Candidate | undefined): boolean =>
  below === undefined ||
  (point.screenSsim - below.point.screenSsim >= LEAST_STEP_SSIM && point.bitrateBps >= below.point.bitrateBps * LEAST_STEP_BITRATE);
