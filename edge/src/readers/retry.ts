import { withTimeout } from '../with-timeout.ts';

export interface RetryOptions {
  /** The first included. */
  readonly attempts?: number;
  /** The longest pause before the second attempt; doubles with each. */
  readonly baseMs?: number;
  readonly random?: () => number;
}

/** The store said, or seems to mean, that the same question may be answered at another time. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
}

/**
 * A viewer waits: few attempts, short pauses. They are spread over their whole length, so that those who failed together do not come
 * back together.
 *
 * @returns what `attempt` does; of its failures only a `PassingFault` is tried again
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { attempts = 3, baseMs = 100, random = Math.random }: RetryOptions = {},
): Promise<T> {
  for (let failed = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      failed += 1;
      if (failed >= attempts || !(error instanceof PassingFault)) throw error;
    }
    const pauseMs = random() * baseMs * 2 ** (failed - 1);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/**
 * Rejects after `milliseconds`. No `PassingFault`: whoever waited so long is better served by
 * another store, or by an answer.
 */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const done = await withTimeout(work, milliseconds);
  if (done === undefined) throw new Error(`no answer within ${milliseconds} ms`);
  return done.value;
}
