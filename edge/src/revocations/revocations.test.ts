import { AppError } from '@mediaflow/shared/errors';
import type { RevocationPage } from '@mediaflow/shared/internal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeptText } from '#test-runtime';
import type { KeptText } from '../ports.ts';
import { createRevocations } from './revocations.ts';

const SECOND = 1_000;

let nowMs: number;
let asked: (string | undefined)[];
let entries: RevocationPage['entries'];
let isAway: boolean;
/** Answers wait for it. */
let gate: Promise<void>;
let kept: KeptText;
let left: Promise<unknown>[];

beforeEach(async () => {
  nowMs = 1_700_000_000_000;
  [asked, entries, left] = [[], [], []];
  isAway = false;
  gate = Promise.resolve();
  kept = await createKeptText();
});

afterEach(() => Promise.all(left));

/** A feed of two entries a page. */
async function getRevocations(after: string | undefined): Promise<RevocationPage> {
  asked.push(after);
  const from = Number(after ?? 0);
  const page = entries.slice(from, from + 2);
  await gate;
  if (isAway) throw new AppError('unavailable', 'away', { retryAfterSeconds: 2 });
  return { entries: page, next_cursor: String(from + page.length), has_more: page.length === 2 };
}

function startIsolate() {
  const revocations = createRevocations({
    origin: { getRevocations },
    kept,
    clock: { nowMs: () => nowMs },
    log: { error: () => undefined },
  });
  const waitUntil = (work: Promise<unknown>): void => void left.push(work);
  return {
    read: async (name: string) => (await revocations.read(waitUntil)).has(name),
    /** All that requests have left running. */
    async settle() {
      while (left.length > 0) await left.pop();
    },
  };
}

function close(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  return resolve;
}

describe('while the origin answers', () => {
  it('a list is asked for once, to its last page, whoever comes meanwhile', async () => {
    entries = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    const isolate = startIsolate();
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(isolate.read))).toEqual([true, true, true, false]);
    expect(asked).toEqual([undefined, '2']);
  });

  it('nobody is asked for 10 s, and then only what is new, behind the answer', async () => {
    const isolate = startIsolate();
    await isolate.read('a');
    entries = [{ name: 'a' }];
    nowMs += 10 * SECOND - 1;
    expect(await isolate.read('a')).toBe(false);
    expect(asked).toHaveLength(1);
    nowMs += 1;
    const open = close();
    expect(await Promise.all([isolate.read('a'), isolate.read('a')])).toEqual([false, false]);
    expect(asked).toEqual([undefined, '0']);
    open();
    await isolate.settle();
    expect(await isolate.read('a')).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('a request waits for a list that is too old', async () => {
    const isolate = startIsolate();
    await isolate.read('a');
    entries = [{ name: 'a' }];
    nowMs += 20 * SECOND;
    expect(await Promise.all([isolate.read('a'), isolate.read('a')])).toEqual([true, true]);
    expect(asked).toHaveLength(2);
  });

  it('what is lifted counts no more', async () => {
    entries = [{ name: 'a' }];
    const isolate = startIsolate();
    expect(await isolate.read('a')).toBe(true);
    entries = [...entries, { name: 'a', is_lifted: true }];
    nowMs += 20 * SECOND;
    expect(await isolate.read('a')).toBe(false);
  });

  it('once an hour the whole list is asked for', async () => {
    entries = [{ name: 'a' }];
    const isolate = startIsolate();
    await isolate.read('a');
    // As a restored database would have it.
    entries = [{ name: 'b' }];
    nowMs += 3600 * SECOND;
    expect([await isolate.read('a'), await isolate.read('b')]).toEqual([false, true]);
  });
});

describe('while the origin is away', () => {
  it('the last list counts, and one request in 10 s finds out', async () => {
    entries = [{ name: 'a' }];
    const isolate = startIsolate();
    await isolate.read('a');
    isAway = true;
    nowMs += 3600 * SECOND;
    for (let request = 0; request < 10; request += 1) expect(await isolate.read('a')).toBe(true);
    expect(asked).toHaveLength(2);
    nowMs += 10 * SECOND;
    isAway = false;
    entries = [...entries, { name: 'b' }];
    expect(await isolate.read('b')).toBe(true);
  });

  it('a round that breaks off changes nothing', async () => {
    const isolate = startIsolate();
    await isolate.read('a');
    entries = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    nowMs += 20 * SECOND;
    const open = close();
    const waiting = isolate.read('a');
    isAway = true;
    open();
    expect(await waiting).toBe(false);
    isAway = false;
    nowMs += 10 * SECOND;
    expect(await isolate.read('a')).toBe(true);
    expect(asked.slice(-2)).toEqual(['0', '2']);
  });

  it('an isolate that has never seen a list cannot answer, and does as soon as it has one', async () => {
    isAway = true;
    const isolate = startIsolate();
    await expect(isolate.read('a')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 });
    isAway = false;
    expect(await isolate.read('a')).toBe(false);
  });

  it('a new isolate goes by what an earlier one has kept', async () => {
    entries = [{ name: 'a' }];
    const earlier = startIsolate();
    await earlier.read('a');
    await earlier.settle();
    isAway = true;
    nowMs += 3600 * SECOND;
    const later = startIsolate();
    expect([await later.read('a'), await later.read('b')]).toEqual([true, false]);
  });
});

describe('a kept list', () => {
  it('that is new enough spares the origin a question', async () => {
    entries = [{ name: 'a' }];
    const earlier = startIsolate();
    await earlier.read('a');
    await earlier.settle();
    nowMs += 5 * SECOND;
    expect(await startIsolate().read('a')).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('that is older is asked on', async () => {
    entries = [{ name: 'a' }];
    const earlier = startIsolate();
    await earlier.read('a');
    await earlier.settle();
    entries = [...entries, { name: 'b' }];
    nowMs += 60 * SECOND;
    expect(await startIsolate().read('b')).toBe(true);
    expect(asked).toEqual([undefined, '1']);
  });

  it('is written when it has changed, and again after 5 minutes', async () => {
    const written: string[] = [];
    kept = { read: async () => undefined, write: async (text) => void written.push(text) };
    const isolate = startIsolate();
    const readLater = async (seconds: number): Promise<void> => {
      nowMs += seconds * SECOND;
      await isolate.read('a');
      await isolate.settle();
    };
    await readLater(0);
    await readLater(20);
    expect(written).toHaveLength(1);
    entries = [{ name: 'a' }];
    await readLater(20);
    expect(written).toHaveLength(2);
    await readLater(299);
    expect(written).toHaveLength(2);
    await readLater(20);
    expect(written).toHaveLength(3);
  });
});
