import { type ErrorCode, isErrorCode } from '@mediaflow/shared/errors';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import type { AssetRow, UnitRow } from '../db/schema.ts';
import { publishTaskId, textTaskId } from '../db/tasks.ts';

export type OutcomeOf<Kind extends OutcomePayload['kind']> = Extract<OutcomePayload, { kind: Kind }>;
export type Failure = OutcomeOf<'failed'>;

type AssetState = Pick<AssetRow, 'status' | 'version' | 'timeline' | 'is_analysis_due'>;
type UnitState = Pick<UnitRow, 'fence' | 'done_at' | 'is_extra'>;

/** Whether an outcome still means something for an asset as it stands. */
export type OutcomeDecision =
  | { readonly action: 'accept' }
  | { readonly action: 'ignore'; readonly reason: string }
  /** The asset was deleted while this was made: what the worker stored must go too, also where it failed half-way. */
  | { readonly action: 'purge' };

const ACCEPT: OutcomeDecision = { action: 'accept' };
const ignore = (reason: string) => ({ action: 'ignore', reason }) as const;

/** Pure. Outcomes come late, twice and out of order; each is judged by the asset alone. */
export function decideOutcome(outcome: OutcomePayload, asset: AssetState | undefined): OutcomeDecision {
  if (asset === undefined) return { action: 'purge' };
  if (outcome.version !== asset.version) return ignore('another version');
  switch (outcome.kind) {
    case 'probed':
      return asset.status === 'preparing' && asset.timeline === null ? ACCEPT : ignore('probed before');
    case 'analyzed':
      return asset.is_analysis_due ? ACCEPT : ignore('analyzed before');
    case 'failed':
      return ACCEPT;
    default:
      // Whatever its status: a ready asset's segments are made again on demand, an errored one may be taken up again.
      return asset.timeline === null ? ignore('asset has no timeline') : ACCEPT;
  }
}

/** What a job that was given up means. All but `ignore` leave a dead letter. */
export type FailureDecision =
  | { readonly action: 'ignore'; readonly reason: string }
  | { readonly action: 'end-asset'; readonly code: ErrorCode; readonly message: string }
  | { readonly action: 'give-up-unit' }
  | { readonly action: 'drop-text' }
  /** Premium plays with plus's ladder. */
  | { readonly action: 'fall-back' }
  | { readonly action: 'give-up-comparison' }
  /** The asset does not need it to play. */
  | { readonly action: 'note' };

/**
 * Pure.
 * @param unit of a failed `encode`, as it stands
 * @param isTaskOpen whether the failed job's task was still to be done
 */
export function decideFailure(
  failure: Pick<Failure, 'job' | 'fence' | 'error'>,
  asset: AssetState,
  { unit, isTaskOpen }: { readonly unit: UnitState | undefined; readonly isTaskOpen: boolean },
): FailureDecision {
  switch (failure.job) {
    case 'probe':
      return asset.timeline === null ? endPreparation(failure, asset) : ignore('another probe succeeded');
    case 'encode':
      return decideUnitFailure(failure, asset, unit);
    case 'text':
      return { action: isTaskOpen ? 'drop-text' : 'note' };
    case 'analyze':
      return asset.is_analysis_due ? { action: 'fall-back' } : ignore('analyzed before');
    case 'measure':
      return { action: 'give-up-comparison' };
    case 'urgent':
    case 'publish':
    case 'poster':
      return { action: 'note' };
  }
}

function decideUnitFailure(failure: Pick<Failure, 'fence' | 'error'>, asset: AssetState, unit: UnitState | undefined): FailureDecision {
  if (unit === undefined || unit.done_at !== null) return ignore('unit is done');
  // Whoever holds the present fence may still succeed.
  if (failure.fence !== unit.fence) return ignore('the unit was handed out anew');
  return unit.is_extra ? { action: 'give-up-unit' } : endPreparation(failure, asset);
}

function endPreparation({ error }: Pick<Failure, 'error'>, { status }: AssetState): FailureDecision {
  if (status !== 'preparing') return ignore(`asset is ${status}`);
  return { action: 'end-asset', code: isErrorCode(error.code) ? error.code : 'internal', message: error.message };
}

/** The task that an outcome ends; undefined for units and urgent segments. */
export function taskOf(outcome: OutcomePayload): string | undefined {
  switch (outcome.kind) {
    case 'probed':
      return 'probe';
    case 'stored':
      return undefined;
    case 'extracted':
      return textTaskId(outcome.renditionId);
    case 'published':
      return publishTaskId(outcome.revision);
    case 'analyzed':
      return 'analyze';
    case 'measured':
      return 'measure';
    case 'poster':
      return 'poster';
    case 'failed':
      return taskOfFailure(outcome);
  }
}

function taskOfFailure({ job, renditionId, number }: Failure): string | undefined {
  switch (job) {
    case 'encode':
    case 'urgent':
      return undefined;
    case 'text':
      return renditionId === undefined ? undefined : textTaskId(renditionId);
    case 'publish':
      // Its number is the revision.
      return number === undefined ? undefined : publishTaskId(number);
    default:
      return job;
  }
}
