import { AppError } from '@mediaflow/shared/errors';

/** Redis's answer; anything else, refused connections and silence included, is `unavailable`. */
export async function answered<T>(request: Promise<T>, answerMs: number): Promise<T> {
  try {
    return await withDeadline(request, answerMs);
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('unavailable', explain(error), { cause: error });
  }
}

/** Redis begins its refusals with a word in capitals. */
function explain(error: unknown): string {
  const refusal = error instanceof Error ? /\b(OOM|READONLY|NOAUTH|WRONGPASS|NOPERM|LOADING)\b/.exec(error.message)?.[1] : undefined;
  if (refusal === 'OOM') return 'Redis has no memory left (maxmemory).';
  if (refusal === 'READONLY') return 'Redis is a replica, which takes no writes.';
  if (refusal === 'LOADING') return 'Redis is loading its data.';
  return refusal === undefined ? 'Redis does not answer.' : 'Redis refuses the credentials.';
}

export async function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'Redis does not answer.')), milliseconds);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** After a failover the old master answers so: another connection finds the new one, and sends the command again. */
export const isReadOnly = (error: Error): false | 2 => (error.message.startsWith('READONLY') ? 2 : false);
