import { describe, expect, it } from 'vitest';
import { AppError, isErrorCode, toErrorBody } from './errors.ts';

describe('AppError', () => {
  it.each([
    ['invalid_parameters', 400, false],
    ['unauthorized', 401, false],
    ['forbidden', 403, false],
    ['not_found', 404, false],
    ['not_playable_yet', 412, true],
    ['range_not_satisfiable', 416, false],
    ['rate_limited', 429, true],
    ['internal', 500, true],
    ['unavailable', 503, true],
    ['segment_pending', 503, true],
    ['corrupt', 422, false],
    ['truncated', 422, false],
    ['source_mismatch', 422, true],
    ['encode_failed', 500, true],
    ['worker_lost', 500, true],
  ] as const)('%s is HTTP %i, and trying again may help: %s', (code, status, isRetryable) => {
    expect(new AppError(code, 'm')).toMatchObject({ status, isRetryable });
  });

  it('carries its cause, details and delay, and has none by default', () => {
    const cause = new Error('vendor');
    const error = new AppError('unavailable', 'The store is away.', { cause, details: { key: 'a' }, retryAfterSeconds: 2 });
    expect(error).toMatchObject({ name: 'AppError', message: 'The store is away.', cause, details: { key: 'a' }, retryAfterSeconds: 2 });
    expect(error).toBeInstanceOf(Error);
    const bare = new AppError('internal', 'm');
    expect(bare.details).toEqual({});
    expect('cause' in bare).toBe(false);
  });
});

describe('toErrorBody', () => {
  it('says what an AppError says, without its inside', () => {
    const error = new AppError('not_found', 'There is no such asset.', { cause: new Error('sql'), details: { table: 'assets' } });
    expect(toErrorBody(error)).toEqual({ error: { type: 'not_found', messages: ['There is no such asset.'] } });
  });

  it.each([new Error('password is hunter2'), 'hunter2', undefined, { code: 'not_found', message: 'hunter2' }])(
    'says nothing of %o',
    (error) => {
      expect(toErrorBody(error)).toEqual({ error: { type: 'internal', messages: ['Something went wrong on our side.'] } });
    },
  );
});

describe('isErrorCode', () => {
  it('knows our codes and nothing inherited', () => {
    expect(isErrorCode('not_found')).toBe(true);
    for (const text of ['', 'toString', '__proto__', 'constructor', 'NOT_FOUND']) expect(isErrorCode(text)).toBe(false);
  });
});
