import { type AccountId, newAssetId } from '@mediaflow/shared/ids';
import fc from 'fast-check';
import type { ControlledTransaction } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bootstrapAccount } from './bootstrap.ts';
import { deleteExpiredRevocations } from './db/revocations.ts';
import type { Database, Db } from './db/schema.ts';
import { revokeDeleted } from './revocation-changes.ts';
import { parseFeedCursor, readRevocationFeed, stringifyFeedCursor } from './revocation-feed.ts';
import { openTestDatabase } from './testing/test-origin.ts';

describe('cursors', () => {
  test.each([undefined, '0', '748', '7.748.0123456789abcdef0123456789abcdef'])('%s survives being written', (text) => {
    expect(stringifyFeedCursor(parseFeedCursor(text))).toBe(text ?? '0');
  });

  test.each(['', 'x', '-1', '1.2', '1.2.3', '1.2.0123456789abcdef0123456789abcdef.4', '12345678901234567890'])('%j is none', (text) => {
    expect(() => parseFeedCursor(text)).toThrow(expect.objectContaining({ code: 'invalid_parameters' }));
  });
});

const { db, close } = await openTestDatabase();
afterAll(close);

let accountId: AccountId;
beforeEach(async () => {
  await db.deleteFrom('revocations').execute();
  accountId = (await bootstrapAccount(db)).account_id;
});

/** The name of what is revoked. */
async function revokeOne(tx: Db): Promise<string> {
  const id = newAssetId();
  await revokeDeleted(tx, accountId, { type: 'asset', id });
  return `asset:${id}`;
}

/** An edge: all that it has heard of, round by round. */
function follow(limit?: number) {
  const names = new Set<string>();
  let cursor: string | undefined;
  return {
    names,
    async readPage(): Promise<{ readonly count: number; readonly hasMore: boolean }> {
      const page = await readRevocationFeed(db, parseFeedCursor(cursor), limit);
      for (const { name } of page.entries) names.add(name);
      cursor = page.next_cursor;
      return { count: page.entries.length, hasMore: page.has_more };
    },
    async readRound(): Promise<void> {
      while ((await this.readPage()).hasMore);
    },
  };
}

describe('the feed', () => {
  test('tells everything once, and then what is new', async () => {
    const first = await revokeOne(db);
    const edge = follow();
    await edge.readRound();
    expect([...edge.names]).toEqual([first]);
    expect(await edge.readPage()).toEqual({ count: 0, hasMore: false });
    const second = await revokeOne(db);
    expect(await edge.readPage()).toEqual({ count: 1, hasMore: false });
    expect([...edge.names]).toEqual([first, second]);
  });

  test('misses nothing that was written earlier and committed later', async () => {
    const slow = await db.startTransaction().execute();
    const early = await revokeOne(slow);
    const quick = await db.startTransaction().execute();
    const late = await revokeOne(quick);
    await quick.commit().execute();

    const edge = follow();
    await edge.readRound();
    expect([...edge.names]).toEqual([late]);
    await slow.commit().execute();
    await edge.readRound();
    expect([...edge.names].toSorted()).toEqual([early, late].toSorted());
    expect(await edge.readPage()).toEqual({ count: 0, hasMore: false });
  });

  test('misses nothing between two pages of a round either', async () => {
    const slow = await db.startTransaction().execute();
    const expected = [await revokeOne(slow)];
    for (let count = 0; count < 5; count += 1) expected.push(await revokeOne(db));
    const edge = follow(2);
    expect(await edge.readPage()).toEqual({ count: 2, hasMore: true });
    await slow.commit().execute();
    expected.push(await revokeOne(db));
    await edge.readRound();
    await edge.readRound();
    expect([...edge.names].toSorted()).toEqual(expected.toSorted());
  });

  test('tells everything, in whatever order it is written, committed and read', async () => {
    const step = fc.oneof(
      fc.constant({ does: 'begin' as const, which: 0 }),
      fc.record({ does: fc.constantFrom('commit' as const, 'rollback' as const), which: fc.nat(7) }),
      fc.constant({ does: 'read' as const, which: 0 }),
    );
    const run = async (steps: readonly { readonly does: 'begin' | 'commit' | 'rollback' | 'read'; readonly which: number }[]) => {
      const open: { readonly tx: ControlledTransaction<Database>; readonly name: string }[] = [];
      const names = { commit: [] as string[], rollback: [] as string[] };
      const edge = follow(2);
      const end = async (does: 'commit' | 'rollback', which: number): Promise<void> => {
        const [ended] = open.splice(which % Math.max(1, open.length), 1);
        await ended?.tx[does]().execute();
        if (ended !== undefined) names[does].push(ended.name);
      };
      for (const { does, which } of steps) {
        if (does === 'read') await edge.readPage();
        else if (does !== 'begin') await end(does, which);
        else if (open.length < 8) {
          const tx = await db.startTransaction().execute();
          open.push({ tx, name: await revokeOne(tx) });
        }
      }
      while (open.length > 0) await end('commit', 0);
      // One round that may have begun before the last commit, and one after it.
      await edge.readRound();
      await edge.readRound();
      expect(names.commit.filter((name) => !edge.names.has(name))).toEqual([]);
      expect(names.rollback.filter((name) => edge.names.has(name))).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), run), { numRuns: 40 });
  });

  test('pages through what a single transaction wrote, and ends while another one is open', async () => {
    const names = await db.transaction().execute(async (tx) => {
      const written = [];
      for (let count = 0; count < 4; count += 1) written.push(await revokeOne(tx));
      return written;
    });
    const open = await db.startTransaction().execute();
    await revokeOne(open);
    const edge = follow(2);
    await edge.readRound();
    expect([...edge.names].toSorted()).toEqual(names.toSorted());
    await open.rollback().execute();
  });

  test('says when an entry is of no use any more, and forgets it then', async () => {
    await revokeOne(db);
    const [entry] = (await readRevocationFeed(db, parseFeedCursor(undefined))).entries;
    const days = ((entry?.expires_at ?? 0) - Date.now() / 1000) / 86_400;
    expect(days).toBeGreaterThan(9);
    expect(days).toBeLessThan(10);
    const inDays = (count: number): Date => new Date(Date.now() + count * 86_400_000);
    await deleteExpiredRevocations(db, inDays(9));
    expect((await readRevocationFeed(db, parseFeedCursor(undefined))).entries).toHaveLength(1);
    await deleteExpiredRevocations(db, inDays(10));
    expect((await readRevocationFeed(db, parseFeedCursor(undefined))).entries).toEqual([]);
  });
});
