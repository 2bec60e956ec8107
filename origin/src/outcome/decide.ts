import { type ErrorCode, isErrorCode } from '@mediaflow/shared/errors';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import type { Unit } from '@mediaflow/shared/units';
import type { AssetRow } from '../db/schema.ts';

type OutcomeOf<Kind extends OutcomePayload['kind']> = Extract<OutcomePayload, { kind: Kind }>;

/** What an outcome means for an asset as it stands. */
export type OutcomeDecision =
  | { readonly action: 'ignore'; readonly reason: string }
  /** The asset was deleted while this was made: what the worker stored must go too. */
  | { readonly action: 'purge' }
  | { readonly action: 'play'; readonly probed: OutcomeOf<'probed'> }
  | { readonly action: 'store-unit'; readonly unitId: string }
  | { readonly action: 'show-poster' }
  | { readonly action: 'fail'; readonly code: ErrorCode; readonly message: string };

type AssetState = Pick<AssetRow, 'status' | 'version' | 'timeline'>;

/** Pure. Outcomes come late, twice and out of order; each is judged by the asset alone. */
export function decideOutcome(outcome: OutcomePayload, asset: AssetState | undefined): OutcomeDecision {
  if (asset === undefined) return outcome.kind === 'failed' ? ignore('asset is deleted') : { action: 'purge' };
  if (outcome.version !== asset.version) return ignore('another version');
  switch (outcome.kind) {
    case 'probed':
      return asset.status === 'preparing' && asset.timeline === null ? { action: 'play', probed: outcome } : ignore('probed before');
    case 'encoded':
      return asset.status === 'preparing' && asset.timeline !== null
        ? { action: 'store-unit', unitId: outcome.unitId }
        : ignore(`asset is ${asset.status}`);
    case 'poster':
      return { action: 'show-poster' };
    case 'failed':
      return decideFailure(outcome, asset);
  }
}

function decideFailure({ job, error }: OutcomeOf<'failed'>, asset: AssetState): OutcomeDecision {
  if (job === 'poster') return ignore('an asset plays without a poster');
  if (asset.status !== 'preparing') return ignore(`asset is ${asset.status}`);
  if (job === 'probe' && asset.timeline !== null) return ignore('another probe succeeded');
  return { action: 'fail', code: isErrorCode(error.code) ? error.code : 'internal', message: error.message };
}

const ignore = (reason: string): OutcomeDecision => ({ action: 'ignore', reason });

/** Segments a unit stores, over all its renditions. */
export const countSegments = (unit: Unit): number => unit.segmentCount * unit.renditionIds.length;
