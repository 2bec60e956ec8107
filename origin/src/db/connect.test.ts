import { createLog } from '@mediaflow/platform/log';
import { AppError } from '@mediaflow/shared/errors';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../testing/test-origin.ts';
import { tryLock } from './advisory-lock.ts';
import { connectDatabase, translateDatabaseError } from './connect.ts';

const databaseError = (code: string): Error => Object.assign(new pg.DatabaseError('x', 1, 'error'), { code });
const socketError = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'connect' });

test.each([
  ['refused', socketError('ECONNREFUSED')],
  ['refused on every address', new AggregateError([socketError('ECONNREFUSED'), socketError('ECONNREFUSED')])],
  ['reset', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })],
  ['cut', new Error('Connection terminated unexpectedly')],
  ['slow to connect', new Error('timeout exceeded when trying to connect')],
  ['slow to answer', new Error('Query read timeout')],
  ['shutting down', databaseError('57P01')],
  ['starting up', databaseError('57P03')],
  ['full', databaseError('53300')],
  ['in a deadlock', databaseError('40P01')],
])('a database that is %s is away for now', (_, error) => {
  const translated = translateDatabaseError(error);
  expect(translated).toBeInstanceOf(AppError);
  expect(translated).toMatchObject({ code: 'unavailable', retryAfterSeconds: 2, cause: error });
});

test.each([
  ['a violated constraint', databaseError('23505')],
  ['a mistake in a statement', databaseError('42601')],
  ['an error of ours', new AppError('not_found', 'x')],
  ['a missing file', Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' })],
  ['anything else', new TypeError('x')],
  ['no error at all', 'x'],
])('%s stays what it is', (_, error) => {
  expect(translateDatabaseError(error)).toBe(error);
});

test('a transaction whose process is frozen gives up what it holds', async () => {
  const database = await createDatabase(false);
  const log = createLog('test', 'silent');
  const [frozen, other] = [connectDatabase(database.url, log, { idleTransactionMs: 200 }), connectDatabase(database.url, log)];
  const thaw = Promise.withResolvers<void>();
  try {
    const held = Promise.withResolvers<boolean>();
    const transaction = frozen.transaction().execute(async (tx) => {
      held.resolve(await tryLock(tx, 'dispatcher'));
      await thaw.promise;
      await sql`select 1`.execute(tx);
    });
    transaction.catch(() => undefined);
    expect(await held.promise).toBe(true);
    await expect.poll(() => other.transaction().execute((tx) => tryLock(tx, 'dispatcher'))).toBe(true);
    thaw.resolve();
    await expect(transaction.catch((error: unknown) => Promise.reject(translateDatabaseError(error)))).rejects.toMatchObject({
      code: 'unavailable',
    });
    // The pool goes on with another connection.
    expect((await sql<{ one: number }>`select 1 as one`.execute(frozen)).rows).toEqual([{ one: 1 }]);
  } finally {
    thaw.resolve();
    await Promise.all([frozen.destroy(), other.destroy()]);
    await database.drop();
  }
});
