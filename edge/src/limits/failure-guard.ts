import { setBounded } from '../bounded-map.ts';
import type { Clock } from '../ports.ts';
import { tooMany } from './charge.ts';
import type { RateLimiter } from './limiter.ts';

const MAX_ENTRIES = 10_000;
/** A credential that was right is let past its neighbours' failures for so long; it is checked all the same. */
const TRUST_MS = 3_600_000;

/**
 * Slows the guessing of secrets, and the questions to the origin that guessing costs: an address that has used up its failures may try
 * no more until it has one again. Credentials that have been right lately are not held up by what else comes from their address.
 */
export interface FailureGuard {
  /** @throws AppError `rate_limited` */
  assertMayTry(client: string, credential: string): void;
  /** @throws AppError `rate_limited` for the failure that was one too many */
  noteFailure(client: string): Promise<void>;
  noteSuccess(credential: string): void;
}

export function createFailureGuard(limiter: RateLimiter, clock: Clock): FailureGuard {
  const blockedUntilMs = new Map<string, number>();
  const trustedUntilMs = new Map<string, number>();
  return {
    assertMayTry(client, credential) {
      const waitMs = (blockedUntilMs.get(client) ?? 0) - clock.nowMs();
      const isTrusted = (trustedUntilMs.get(credential) ?? 0) > clock.nowMs();
      if (waitMs > 0 && !isTrusted) throw tooMany(Math.ceil(waitMs / 1000));
    },
    async noteFailure(client) {
      const { isAllowed, resetSeconds = 1 } = await limiter.take('failure', client);
      if (isAllowed) return;
      setBounded(blockedUntilMs, client, clock.nowMs() + resetSeconds * 1000, MAX_ENTRIES);
      throw tooMany(resetSeconds);
    },
    noteSuccess(credential) {
      setBounded(trustedUntilMs, credential, clock.nowMs() + TRUST_MS, MAX_ENTRIES);
    },
  };
}
