import { AppError } from '@mediaflow/shared/errors';
import pg from 'pg';
import { expect, test } from 'vitest';
import { translateDatabaseError } from './connect.ts';

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
