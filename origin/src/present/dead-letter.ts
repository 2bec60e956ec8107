import type { DeadLetter } from '@mediaflow/shared/api';
import type { DeadLetterRow } from '../db/schema.ts';
import { stringifyTime } from './time.ts';

/** Why a job was given up; what is known of a failed process comes from the worker's error details. Pure. */
export function presentDeadLetter(row: DeadLetterRow): DeadLetter {
  const { code, message, details } = row.error;
  return {
    id: row.id,
    job: row.job,
    asset_id: row.asset_id,
    error: { type: code, message },
    ...(row.attempts !== null && { attempts: row.attempts }),
    ...presentProcess(details),
    created_at: stringifyTime(row.created_at),
    ...(row.replayed_at !== null && { replayed_at: stringifyTime(row.replayed_at) }),
  };
}

type ProcessFields = Pick<DeadLetter, 'argv' | 'exit_code' | 'signal' | 'stderr_tail'>;

/** Details are whatever the worker's version wrote, so each field counts only in its own type. */
function presentProcess({ argv, exitCode, signal, stderrTail }: Readonly<Record<string, unknown>>): ProcessFields {
  return {
    ...(typeof argv === 'string' && { argv }),
    ...(typeof exitCode === 'number' && { exit_code: exitCode }),
    ...(typeof signal === 'string' && { signal }),
    ...(typeof stderrTail === 'string' && { stderr_tail: stderrTail }),
  };
}
