import { type RevocationPage, revocationPageSchema } from '@mediaflow/shared/internal';
import { z } from 'zod';

/** What is revoked, as the origin's feed told it. Plain data. */
export interface RevocationList {
  /** Unix seconds after which each name is of no use; infinite for what stands. */
  readonly names: ReadonlyMap<string, number>;
  /** Where the feed goes on; undefined before its first page. */
  readonly cursor?: string;
  /** All that the origin knew then is in it. */
  readonly asOfMs: number;
  /** When it was last read from the feed's beginning. */
  readonly wholeAtMs: number;
}

/**
 * How long changes are added to a list until it is read anew. The origin tells of a lifted revocation for a day only, and a database that
 * was restored may not know the cursor.
 */
const WHOLE_MS = 3600_000;

export const isWholeDue = (list: RevocationList | undefined, nowMs: number): boolean =>
  list === undefined || nowMs - list.wholeAtMs >= WHOLE_MS;

/** A list into which a round of pages goes that begins at `nowMs`: on top of what is known, or from nothing. */
export function beginRound(list: RevocationList | undefined, nowMs: number): RevocationList {
  return list === undefined || isWholeDue(list, nowMs) ? { names: new Map(), asOfMs: nowMs, wholeAtMs: nowMs } : { ...list, asOfMs: nowMs };
}

/** The same names, unshared, where the page changes nothing. */
export function applyPage(list: RevocationList, { entries, next_cursor: cursor }: RevocationPage): RevocationList {
  const changed = entries.filter(({ name, expires_at: expiresAt = Number.POSITIVE_INFINITY, is_lifted: isLifted }) =>
    isLifted ? list.names.has(name) : list.names.get(name) !== expiresAt,
  );
  if (changed.length === 0) return { ...list, cursor };
  const nowSeconds = list.asOfMs / 1000;
  const names = new Map([...list.names].filter(([, expiresAt]) => expiresAt > nowSeconds));
  for (const { name, expires_at: expiresAt = Number.POSITIVE_INFINITY, is_lifted: isLifted } of changed) {
    if (isLifted) names.delete(name);
    else names.set(name, expiresAt);
  }
  return { ...list, names, cursor };
}

const keptSchema = revocationPageSchema
  .pick({ entries: true })
  .extend({ cursor: z.string(), as_of_ms: z.number(), whole_at_ms: z.number() });

export function stringifyList({ names, cursor = '', asOfMs, wholeAtMs }: RevocationList): string {
  const entries = Array.from(names, ([name, expiresAt]) => (Number.isFinite(expiresAt) ? { name, expires_at: expiresAt } : { name }));
  return JSON.stringify({ entries, cursor, as_of_ms: asOfMs, whole_at_ms: wholeAtMs } satisfies z.infer<typeof keptSchema>);
}

/** Undefined for what no `stringifyList` has written. */
export function parseList(text: string): RevocationList | undefined {
  const parsed = keptSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { entries, cursor, as_of_ms: asOfMs, whole_at_ms: wholeAtMs } = parsed.data;
  return applyPage({ names: new Map(), asOfMs, wholeAtMs }, { entries, next_cursor: cursor, has_more: false });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
