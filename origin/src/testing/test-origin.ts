import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateToLatest } from '@mediaflow/migrations';
import type { StoreConfig } from '@mediaflow/platform/config';
import { createLog } from '@mediaflow/platform/log';
import { type AccountId, randomHex, type TokenId } from '@mediaflow/shared/ids';
import { type BootstrapAnswer, bootstrapAnswerSchema } from '@mediaflow/shared/internal';
import { PRINCIPAL_HEADER, signPrincipal } from '@mediaflow/shared/principal';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import type { OriginConfig } from '../config.ts';
import { connectDatabase } from '../db/connect.ts';
import type { Db } from '../db/schema.ts';
import { type Origin, startOrigin } from '../origin.ts';

export const TEST_SECRET = 'a secret of a test, long enough to be one';

export interface TestOriginOptions {
  /** A Redis database of the test file's own: origin has 1 to 9. */
  readonly redisDatabase: number;
  readonly store?: StoreConfig;
  readonly maxUploadBytes?: number;
  /** In place of the real addresses, for tests that cut the connection. */
  readonly databaseUrl?: (real: string) => string;
  readonly redisUrl?: (real: string) => string;
}

export interface Account {
  readonly bootstrap: BootstrapAnswer;
  /** The same account, asking with another of its tokens. */
  withToken(tokenId: TokenId): Account;
  /** A management call as this account. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The same with a JSON body, answering the parsed `data` of a success. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export interface TestOrigin {
  readonly config: OriginConfig;
  readonly url: string;
  /** Past the application, to look and to prepare. */
  readonly db: Db;
  readonly storeDir: string;
  origin(): Origin;
  createAccount(): Promise<Account>;
  service(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A migrated database, a store and a listening origin of the test file's own. */
export async function startTestOrigin(options: TestOriginOptions): Promise<TestOrigin> {
  const database = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'mediaflow-origin-'));
  const storeDir = join(folder, 'store');
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const redisUrl = `${inject('redisUrl')}/${options.redisDatabase}`;
  const config: OriginConfig = {
    host: '127.0.0.1',
    port,
    secret: TEST_SECRET,
    databaseUrl: options.databaseUrl?.(database.url) ?? database.url,
    redisUrl: options.redisUrl?.(redisUrl) ?? redisUrl,
    uploadUrl: url,
    maxUploadBytes: options.maxUploadBytes ?? 1_000_000_000,
    externalRoot: 'external/{account_id}/',
    logLevel: 'silent',
    store: options.store ?? { kind: 'folder', directory: storeDir },
  };
  const log = createLog('origin', config.logLevel);
  const db = connectDatabase(database.url, log);
  let origin = await startOrigin(config, log);
  const service = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { ...toRecord(init.headers), ...(await principalHeader({ kind: 'service', name: 'test' })) } });

  return {
    config,
    url,
    db,
    storeDir,
    origin: () => origin,
    service,
    async createAccount() {
      const bootstrap = bootstrapAnswerSchema.parse(await (await service('/internal/bootstrap', { method: 'POST' })).json());
      return accountOf(url, bootstrap);
    },
    stop: () => origin.close(),
    async start() {
      origin = await startOrigin(config, log);
    },
    async close() {
      await origin.close();
      await db.destroy();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accountOf(url: string, bootstrap: BootstrapAnswer): Account {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const principal = await principalHeader({ kind: 'token', accountId: bootstrap.account_id, tokenId: bootstrap.token_id });
    return fetch(url + path, { ...init, headers: { ...toRecord(init.headers), ...principal } });
  };
  return {
    bootstrap,
    withToken: (tokenId) => accountOf(url, { ...bootstrap, token_id: tokenId }),
    fetch: request,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await request(path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      const { data } = (await response.json()) as { data: T };
      return data;
    },
  };
}

const toRecord = (headers: RequestInit['headers']): Record<string, string> => Object.fromEntries(new Headers(headers));

type NewPrincipal =
  | { readonly kind: 'token'; readonly accountId: AccountId; readonly tokenId: TokenId }
  | { readonly kind: 'service'; readonly name: string };

/** @param now Unix seconds at which it is signed */
export async function principalHeader(
  principal: NewPrincipal,
  now = Date.now() / 1000,
  secret = TEST_SECRET,
): Promise<Record<string, string>> {
  return { [PRINCIPAL_HEADER]: await signPrincipal(await deriveHmacKey(secret, 'principal'), principal, now) };
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of the test file's own, without an origin. */
export async function openTestDatabase(): Promise<{ readonly db: Db; close(): Promise<void> }> {
  const database = await createDatabase();
  const db = connectDatabase(database.url, createLog('test', 'silent'));
  return {
    db,
    async close() {
      await db.destroy();
      await database.drop();
    },
  };
}

/** Empty but for the schema, unless `isMigrated` is false. */
export async function createDatabase(isMigrated = true): Promise<TestDatabase> {
  const name = `origin_${randomHex(6)}`;
  const url = new URL(inject('postgresUrl'));
  await runAsAdmin(`create database ${name}`);
  url.pathname = `/${name}`;
  if (isMigrated) {
    const db = connectDatabase(url.href, createLog('test', 'silent'));
    await migrateToLatest(db as unknown as Kysely<unknown>);
    await db.destroy();
  }
  return { url: url.href, drop: () => runAsAdmin(`drop database ${name} with (force)`) };
}

async function runAsAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
