import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@mediaflow/shared/errors';

export interface PollOptions {
  readonly everyMs: number;
  readonly deadlineMs: number;
  /** What is waited for, in an error message. */
  readonly what: string;
  readonly signal?: AbortSignal;
}

/** Asks until `ask` yields something. Throws what `ask` throws, and `unavailable` at the deadline. */
export async function poll<T>({ everyMs, deadlineMs, what, signal }: PollOptions, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new AppError('unavailable', `Gave up waiting for ${what} after ${Math.round(deadlineMs / 1000)} s.`);
    await delay(everyMs, undefined, signal && { signal });
  }
}
