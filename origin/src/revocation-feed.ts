import { AppError } from '@mediaflow/shared/errors';
import type { RevocationPage } from '@mediaflow/shared/internal';
import { type FeedPosition, findFeedHorizon, listRevocationsAfter } from './db/revocations.ts';
import type { Db, RevocationRow } from './db/schema.ts';

/**
 * Where a reader is. Rows become visible when their transaction commits, in any order, so a reader who remembered the last row would miss
 * one that was written earlier and committed later. A round of pages therefore ends not at its last row but at its *horizon*: the
 * earliest transaction still running when the round began. What was written after the horizon is read again in the next round.
 */
export interface FeedCursor {
  readonly after: FeedPosition;
  /** Within a round: where the next one begins. */
  readonly horizon?: string;
}

/** Before every row of a transaction: an id is never empty. */
const beginningOf = (transaction: string): FeedPosition => ({ changedIn: transaction, id: '' });
const START: FeedCursor = { after: beginningOf('0') };
const PAGE = 2_000;

/** `TRANSACTION`, or within a round `HORIZON.TRANSACTION.ID`. @throws AppError `invalid_parameters` */
export function parseFeedCursor(text: string | undefined): FeedCursor {
  if (text === undefined) return START;
  const groups = /^(?<first>\d{1,19})(?:\.(?<changedIn>\d{1,19})\.(?<id>[0-9a-f]{32}))?$/.exec(text)?.groups;
  if (groups?.first === undefined) throw new AppError('invalid_parameters', 'after: not a cursor of this feed');
  const { first, changedIn, id } = groups;
  return changedIn === undefined || id === undefined ? { after: beginningOf(first) } : { after: { changedIn, id }, horizon: first };
}

export const stringifyFeedCursor = ({ after, horizon }: FeedCursor): string =>
  horizon === undefined ? after.changedIn : `${horizon}.${after.changedIn}.${after.id}`;

export async function readRevocationFeed(db: Db, cursor: FeedCursor, limit = PAGE): Promise<RevocationPage> {
  // Before the rows are: what commits in between is then read twice and not missed.
  const horizon = cursor.horizon ?? (await findFeedHorizon(db));
  const rows = await listRevocationsAfter(db, cursor.after, limit);
  const last = rows.at(-1);
  const hasMore = rows.length === limit && last !== undefined;
  const next: FeedCursor = hasMore ? { after: { changedIn: last.changed_in, id: last.id }, horizon } : { after: beginningOf(horizon) };
  return { entries: rows.map(toEntry), next_cursor: stringifyFeedCursor(next), has_more: hasMore };
}

function toEntry({ name, expires_at, lifted_at }: RevocationRow): RevocationPage['entries'][number] {
  return {
    name,
    ...(expires_at !== null && { expires_at: Math.ceil(expires_at.getTime() / 1000) }),
    ...(lifted_at !== null && { is_lifted: true }),
  };
}
