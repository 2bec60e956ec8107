import { AppError } from '@mediaflow/shared/errors';

/**
 * Pure, from the text of `INFO memory` (a managed Redis answers that even where CONFIG is closed). Any policy but
 * `noeviction` lets Redis drop jobs and locks in silence when its memory is full.
 *
 * @throws AppError `unavailable` with the sentence for the operator
 */
export function assertKeepsJobs(memoryInfo: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(memoryInfo)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  throw new AppError('unavailable', `Redis drops jobs when its memory is full: set maxmemory-policy noeviction (it is ${policy}).`);
}
