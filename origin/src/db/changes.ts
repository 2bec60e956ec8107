import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@mediaflow/platform/log';
import type { AssetId } from '@mediaflow/shared/ids';
import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from './schema.ts';

/** Something another connection, perhaps of another origin, has committed. */
export type Change = { readonly kind: 'asset'; readonly assetId: AssetId } | { readonly kind: 'outbox' | 'units' };

const CHANNEL = 'mediaflow';
const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Delivered to every listening process when the transaction commits, and not at all if it does not. */
export async function notify(db: Db, change: Change): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${change.kind === 'asset' ? change.assetId : change.kind})`.execute(db);
}

/**
 * Wakes those who wait for changes. A wake-up is a hint to look again and carries no data: one may come for nothing, and
 * none can be missed, because all are woken whenever the connection is back.
 */
export interface Changes {
  onAsset(assetId: AssetId, wake: () => void): () => void;
  onOutbox(wake: () => void): () => void;
  /** Units wait for their turn, or one that was being made no longer is. */
  onUnits(wake: () => void): () => void;
  close(): Promise<void>;
}

/** One listening connection for the process; it reconnects for as long as it takes. */
export function listenForChanges(databaseUrl: string, log: Log): Changes {
  const wakers = new Map<string, Set<() => void>>();
  const stop = new AbortController();
  let client: pg.Client | undefined;

  const wake = (topic: string): void => {
    for (const waker of wakers.get(topic) ?? []) waker();
  };
  const subscribe = (topic: string, waker: () => void): (() => void) => {
    const topicWakers = wakers.get(topic) ?? new Set();
    wakers.set(topic, topicWakers.add(waker));
    return () => {
      topicWakers.delete(waker);
      if (topicWakers.size === 0 && wakers.get(topic) === topicWakers) wakers.delete(topic);
    };
  };

  async function listen(): Promise<void> {
    const connection = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      connection.once('end', resolve);
      connection.once('error', () => resolve());
    });
    // Errors may come more than once; unheard the second would end the process.
    connection.on('error', (error) => log.debug({ err: error }, 'listening connection'));
    connection.on('notification', ({ payload }) => wake(payload ?? ''));
    client = connection;
    try {
      await connection.connect();
      await connection.query(`listen ${CHANNEL}`);
      for (const topic of wakers.keys()) wake(topic);
      await ended;
    } finally {
      await connection.end().catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await listen().catch((error: unknown) => log.debug({ err: error }, 'listening connection'));
      await sleep(RECONNECT_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
  const running = run();

  return {
    onAsset: (assetId, waker) => subscribe(assetId, waker),
    onOutbox: (waker) => subscribe('outbox', waker),
    onUnits: (waker) => subscribe('units', waker),
    async close() {
      stop.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
