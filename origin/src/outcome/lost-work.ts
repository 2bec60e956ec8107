import { publishPayloadSchema, textPayloadSchema } from '@mediaflow/shared/jobs';
import type { TaskRow, UnitRow } from '../db/schema.ts';
import type { Failure } from './decide.ts';

const ERROR = { code: 'worker_lost', message: 'Processing this file failed repeatedly.', details: {} };

/** The failure that nobody lived to report. Pure. */
export const toLostUnit = ({ asset_id, version, id, fence, requeues }: UnitRow): Failure => ({
  kind: 'failed',
  assetId: asset_id,
  version,
  job: 'encode',
  unitId: id,
  fence,
  attempts: requeues + 1,
  error: ERROR,
});

export function toLostTask({ asset_id, version, job, payload, requeues }: TaskRow): Failure {
  const lost = { kind: 'failed', assetId: asset_id, version, attempts: requeues + 1, error: ERROR } as const;
  switch (job) {
    case 'text':
      return { ...lost, job, renditionId: textPayloadSchema.parse(payload).rendition.id };
    case 'publish':
      return { ...lost, job, number: publishPayloadSchema.parse(payload).revision };
    case 'probe':
    case 'poster':
    case 'analyze':
    case 'measure':
      return { ...lost, job };
    default:
      throw new TypeError(`${job} is no task`);
  }
}
