import type { Log } from '@mediaflow/platform/log';
import { AppError } from '@mediaflow/shared/errors';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Db } from './schema.ts';

/** A request that finds Postgres away must be answered within about two seconds. */
const CONNECT_TIMEOUT_MS = 1_500;
/** A server that takes connections and never answers; our longest statement writes a film's units in well under a second. */
const QUERY_TIMEOUT_MS = 5_000;
const POOL_SIZE = 16;
/**
 * A transaction whose process is frozen, or whose machine is gone without a word, is ended by Postgres: until then it holds its rows and
 * the one dispatcher's place, and nothing else can tell. Ours wait within one for the queue at most, 5 s.
 */
const IDLE_TRANSACTION_MS = 30_000;

/** Connects at the first query and again after every loss; never throws by itself. */
export function connectDatabase(databaseUrl: string, log: Log, { idleTransactionMs = IDLE_TRANSACTION_MS } = {}): Db {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    types: { getTypeParser },
    // As a parameter of the connection, poolers that do not know it would refuse it.
    onConnect: async (client) => {
      await client.query(`set idle_in_transaction_session_timeout = ${idleTransactionMs}`);
    },
  });
  // A connection that breaks says so here when it is idle and on itself when it is in use; unheard, either ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'postgres connection'));
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ err: error }, 'postgres connection in use')));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** int8 as a number: ours are sizes and sequence numbers, all far below 2^53. */
function getTypeParser(...[oid, format]: Parameters<typeof pg.types.getTypeParser>): ReturnType<typeof pg.types.getTypeParser> {
  if (oid === pg.types.builtins.INT8 && format !== 'binary') return Number;
  return pg.types.getTypeParser(oid, format);
}

/** Seconds a client should wait before it tries again. */
const RETRY_AFTER_SECONDS = 2;

const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'ENOENT', 'EHOSTUNREACH']);
/** Errors that the driver gives no code. */
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error/;

/**
 * What a failed query means to a caller: an outage becomes `unavailable`, anything else stays what it is.
 * Postgres classes: 08 connection, 53 out of resources, 57P shutdown or start-up, 40 serialisation and deadlock.
 */
export function translateDatabaseError(error: unknown): unknown {
  return isOutage(error)
    ? new AppError('unavailable', 'The database does not answer.', { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS })
    : error;
}

function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isOutage);
  if (!(error instanceof Error) || error instanceof AppError) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) return /^(?:08|40|53|57P)/.test(code);
  const isFromSocket = 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'read' || error.syscall === 'write');
  return (NETWORK_CODES.has(code) && (isFromSocket || error.name === 'AggregateError')) || DRIVER_MESSAGES.test(error.message);
}
