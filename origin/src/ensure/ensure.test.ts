import { AppError } from '@mediaflow/shared/errors';
import { newAssetId } from '@mediaflow/shared/ids';
import { mediaKey } from '@mediaflow/shared/keys';
import { expect, test } from 'vitest';
import type { OutboxJob } from '../db/outbox.ts';
import { createEnsure } from './ensure.ts';

const assetId = newAssetId();
const keyOf = (number: number): string => mediaKey({ assetId, version: 1, object: { kind: 'segment', renditionId: 'v720', number } });
const KEY = keyOf(0);
const LONG_MS = 60_000;
const JOB: OutboxJob = { job: 'purge', payload: { assetId, prefixes: [] } };
const stay = new AbortController().signal;

const infoOf = (bytes: Uint8Array | undefined) => bytes && { sizeBytes: bytes.length, etag: '"1"' };

/** What an origin has around it: a store, notifications, and work that can be asked for. */
function createSurroundings({
  ask = async () => JOB as OutboxJob | undefined,
  isQueued = async () => true,
  maxWaiters = 100,
  graceMs = 5_000,
} = {}) {
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  const wakers = new Set<() => void>();
  let asks = 0;
  let withdrawals = 0;
  const ensure = createEnsure({
    store: {
      head: async (key) => infoOf(stored.get(key)),
      async get(key, range) {
        const bytes = stored.get(key);
        const info = infoOf(bytes);
        if (bytes === undefined || info === undefined) return undefined;
        const part = bytes.slice(range?.offset ?? 0, (range?.offset ?? 0) + (range?.length ?? bytes.length));
        return { ...info, range: { offset: range?.offset ?? 0, length: part.length }, body: new Blob([part]).stream() };
      },
      delete: async (key) => void stored.delete(key),
    },
    changes: {
      onAsset(_, wake) {
        wakers.add(wake);
        return () => void wakers.delete(wake);
      },
    },
    demand: {
      async ask() {
        asks += 1;
        return ask();
      },
      isQueued,
      async withdraw() {
        withdrawals += 1;
      },
    },
    maxWaiters,
    graceMs,
  });
  return {
    ensure: (key = KEY, waitMs = LONG_MS, signal = stay) => ensure(key, { waitMs, signals: [stay, signal] }),
    asks: () => asks,
    withdrawals: () => withdrawals,
    watchCount: () => wakers.size,
    notify: () => [...wakers].map((wake) => wake()),
    store: (key: string, bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1)) => void stored.set(key, bytes),
    isStored: (key: string) => stored.has(key),
  };
}

test('all who wait for one object share one watch, which the notification ends', async () => {
  const origin = createSurroundings();
  const waiting = Array.from({ length: 50 }, () => origin.ensure());
  expect(origin.watchCount()).toBe(1);
  await expect.poll(origin.asks).toBe(1);
  origin.store(KEY);
  origin.notify();
  for (const answer of await Promise.all(waiting)) expect(answer).toEqual({ state: 'stored' });
  await expect.poll(origin.watchCount).toBe(0);
});

test('a lost notification is made up for', async () => {
  const origin = createSurroundings();
  const waiting = origin.ensure();
  await expect.poll(origin.asks).toBe(1);
  origin.store(KEY);
  expect(await waiting).toEqual({ state: 'stored' });
});

test('what is shorter than it says is taken out of the way and asked for', async () => {
  const origin = createSurroundings();
  const half = new Uint8Array([0, 0, 0, 32, ...new TextEncoder().encode('styp'), 0, 0, 0, 0]);
  origin.store(KEY, half);
  const waiting = origin.ensure();
  await expect.poll(origin.asks).toBe(1);
  expect(origin.isStored(KEY)).toBe(false);
  origin.store(KEY);
  origin.notify();
  expect(await waiting).toEqual({ state: 'stored' });
});

test('the last to leave ends the watch, the others do not', async () => {
  const origin = createSurroundings();
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [origin.ensure(KEY, LONG_MS, first.signal), origin.ensure(KEY, LONG_MS, second.signal)];
  await expect.poll(origin.asks).toBe(1);
  first.abort();
  expect(await answers[0]).toMatchObject({ state: 'pending' });
  expect(origin.watchCount()).toBe(1);
  second.abort();
  expect(await answers[1]).toMatchObject({ state: 'pending' });
  await expect.poll(origin.watchCount).toBe(0);
});

test('work that nobody waits for any more is withdrawn, and only then', async () => {
  const origin = createSurroundings({ graceMs: 100 });
  await origin.ensure(keyOf(1), 0);
  await expect.poll(origin.withdrawals).toBe(1);
  await origin.ensure(KEY, 0);
  const leaving = new AbortController();
  const back = origin.ensure(KEY, LONG_MS, leaving.signal);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(origin.withdrawals()).toBe(1);
  leaving.abort();
  await back;
  await expect.poll(origin.withdrawals).toBe(2);
  origin.store(KEY);
  await origin.ensure();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(origin.withdrawals()).toBe(2);
});

test('who goes away without being told to come again is not waited for', async () => {
  const origin = createSurroundings({ graceMs: LONG_MS });
  const leaving = new AbortController();
  const waiting = origin.ensure(KEY, LONG_MS, leaving.signal);
  await expect.poll(origin.asks).toBe(1);
  leaving.abort();
  await waiting;
  await expect.poll(origin.withdrawals).toBe(1);
});

test('a signal that came before the call is heard', async () => {
  expect(await createSurroundings().ensure(KEY, LONG_MS, AbortSignal.abort())).toMatchObject({ state: 'pending' });
});

test('who comes while the last one leaves gets a watch of his own', async () => {
  const origin = createSurroundings();
  const leaving = new AbortController();
  const left = origin.ensure(KEY, LONG_MS, leaving.signal);
  await expect.poll(origin.asks).toBe(1);
  leaving.abort();
  await left;
  const next = origin.ensure();
  origin.store(KEY);
  origin.notify();
  expect(await next).toEqual({ state: 'stored' });
});

test('without patience the work is asked for all the same', async () => {
  const origin = createSurroundings();
  expect(await origin.ensure(KEY, 0)).toEqual({ state: 'pending', retry_after_seconds: 2 });
  expect(origin.asks()).toBe(1);
});

test('no more wait than there is room for, and each leaves room for another', async () => {
  const origin = createSurroundings({ maxWaiters: 2 });
  const leaving = new AbortController();
  const first = origin.ensure(keyOf(0), LONG_MS, leaving.signal);
  const second = origin.ensure(keyOf(1), LONG_MS);
  expect(await origin.ensure(keyOf(2))).toEqual({ state: 'pending', retry_after_seconds: 2 });
  leaving.abort();
  await first;
  origin.store(keyOf(2));
  expect(await origin.ensure(keyOf(2))).toEqual({ state: 'stored' });
  origin.store(keyOf(1));
  expect(await second).toEqual({ state: 'stored' });
});

test('work that the queue has lost is asked for again', async () => {
  let isQueued = false;
  const origin = createSurroundings({ isQueued: async () => isQueued });
  const waiting = origin.ensure();
  await expect.poll(origin.asks).toBe(1);
  origin.notify();
  await expect.poll(origin.asks).toBe(2);
  isQueued = true;
  origin.store(KEY);
  origin.notify();
  expect(await waiting).toEqual({ state: 'stored' });
});

test('work that is given up ends the wait, and is not tried again at once', async () => {
  const origin = createSurroundings({ isQueued: async () => false });
  expect(await origin.ensure()).toEqual({ state: 'pending', retry_after_seconds: 10 });
  expect(await origin.ensure()).toEqual({ state: 'pending', retry_after_seconds: 10 });
  expect(origin.asks()).toBe(3);
  await expect.poll(() => origin.ensure(KEY, 0).then(origin.asks)).toBe(4);
});

test('what nothing makes is unknown', async () => {
  expect(await createSurroundings({ ask: async () => undefined }).ensure()).toEqual({ state: 'unknown' });
});

test('an outage reaches everybody who waits, and is forgotten with them', async () => {
  let isAway = true;
  const origin = createSurroundings({
    async ask() {
      if (isAway) throw new AppError('unavailable', 'Redis does not answer.');
      return JOB;
    },
  });
  const waiting = [origin.ensure(), origin.ensure()];
  for (const answer of waiting) await expect(answer).rejects.toMatchObject({ code: 'unavailable' });
  isAway = false;
  expect(await origin.ensure(KEY, 0)).toMatchObject({ state: 'pending' });
});

test.each(['', 'sources/x/y', `media/${assetId}/1/v720/x.m4s`, `media/${assetId}/0/poster.jpg`, '../etc/passwd'])(
  '%j is no object',
  async (key) => {
    const origin = createSurroundings();
    expect(await origin.ensure(key)).toEqual({ state: 'unknown' });
    expect(origin.asks()).toBe(0);
  },
);
