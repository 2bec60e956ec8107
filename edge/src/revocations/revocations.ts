import { Coalescer } from '../coalesce.ts';
import { describeError, type Log } from '../log.ts';
import type { OriginClient } from '../origin-client.ts';
import type { Clock, KeptText, WaitUntil } from '../ports.ts';
import { decideRefresh, REFRESH_MS } from './decide-refresh.ts';
import { applyPage, beginRound, parseList, type RevocationList, stringifyList } from './revocation-list.ts';

/** Names as `shared/src/revocation.ts` makes them. */
export type RevokedNames = Pick<ReadonlyMap<string, unknown>, 'has'>;

export interface Revocations {
  /**
   * What is revoked: at most 20 s old, or as old as the origin is away.
   *
   * @throws AppError `unavailable` as long as no list was ever seen: nobody could say then whom to refuse
   */
  read(waitUntil: WaitUntil): Promise<RevokedNames>;
  /** The same where nothing is to be asked for it; else undefined, and to be read. */
  recall(): RevokedNames | undefined;
}

export interface RevocationsOptions {
  readonly origin: Pick<OriginClient, 'getRevocations'>;
  /** The list for those who begin while the origin is away. */
  readonly kept: KeptText;
  readonly clock: Clock;
  readonly log: Log;
}

/** An unchanged list is written again before whoever keeps it drops it for being old. */
const KEEP_AGAIN_MS = 300_000;
/** Above what the origin's answer may take (`origin-client.ts`). */
const JOIN_TIMEOUT_MS = 5_000;

/** One list for the isolate, brought up to date by the requests that come: changes only, and once for all of them. */
export function createRevocations({ origin, kept, clock, log }: RevocationsOptions): Revocations {
  const coalescer = new Coalescer<RevocationList>(JOIN_TIMEOUT_MS);
  let list: RevocationList | undefined;
  let keptAtMs = Number.NEGATIVE_INFINITY;
  let lastAttemptMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;

  const follow = async (startMs: number): Promise<RevocationList> => {
    let next = beginRound(list, startMs);
    for (let hasMore = true; hasMore; ) {
      const page = await origin.getRevocations(next.cursor);
      next = applyPage(next, page);
      hasMore = page.has_more;
    }
    return next;
  };

  const keep = async (next: RevocationList): Promise<void> => {
    keptAtMs = next.asOfMs;
    await kept.write(stringifyList(next));
  };

  const readKept = async (): Promise<RevocationList | undefined> => parseList((await kept.read()) ?? '');

  const refresh = async (waitUntil: WaitUntil): Promise<RevocationList> => {
    if (list === undefined) list = await readKept();
    const startMs = clock.nowMs();
    if (list !== undefined && startMs - list.asOfMs < REFRESH_MS) return list;
    lastAttemptMs = startMs;
    hasFailed = false;
    try {
      const next = await follow(startMs);
      if (next.names !== list?.names || startMs - keptAtMs >= KEEP_AGAIN_MS) waitUntil(keep(next));
      list = next;
      return next;
    } catch (error) {
      hasFailed = true;
      log.error('the revocations could not be refreshed', { asOfMs: list?.asOfMs, error: describeError(error) });
      if (list === undefined) throw error;
      return list;
    }
  };

  const decide = (known: RevocationList | undefined): ReturnType<typeof decideRefresh> =>
    known === undefined ? 'wait' : decideRefresh({ asOfMs: known.asOfMs, lastAttemptMs, hasFailed }, clock.nowMs());

  return {
    recall: () => (decide(list) === 'use' ? list?.names : undefined),
    async read(waitUntil) {
      const known = list;
      const decision = decide(known);
      if (known !== undefined && decision === 'use') return known.names;
      const refreshed = coalescer.run('list', waitUntil, () => refresh(waitUntil));
      if (known !== undefined && decision === 'refresh') return known.names;
      return (await refreshed).names;
    },
  };
}
