import { expect, test } from 'vitest';
import { decideUploadAccess } from './access.ts';

const ATTEMPT = '0123456789abcdef';
const WAITING = { status: 'waiting', attempt: ATTEMPT } as const;
const DONE = { ...WAITING, status: 'asset_created' } as const;
const CANCELLED = { ...WAITING, status: 'cancelled' } as const;
const TIMED_OUT = { ...WAITING, status: 'timed_out' } as const;
const FRESH = { status: 'waiting', attempt: null } as const;

test.each([
  ['POST', undefined, FRESH, 'create'],
  ['POST', undefined, WAITING, 'create'],
  ['HEAD', ATTEMPT, WAITING, 'use'],
  ['PATCH', ATTEMPT, WAITING, 'use'],
  ['DELETE', ATTEMPT, WAITING, 'use'],
  ['HEAD', ATTEMPT, DONE, 'use'],
  ['OPTIONS', undefined, undefined, 'preflight'],
  ['OPTIONS', ATTEMPT, TIMED_OUT, 'preflight'],
] as const)('%s %s is let in', (method, attempt, upload, access) => {
  expect(decideUploadAccess({ method, ...(attempt !== undefined && { attempt }) }, upload)).toBe(access);
});

test.each([
  ['POST', undefined, undefined, 'not_found'],
  ['HEAD', ATTEMPT, undefined, 'not_found'],
  ['GET', undefined, undefined, 'not_found'],
  ['GET', undefined, WAITING, 'method_not_allowed'],
  ['GET', ATTEMPT, DONE, 'method_not_allowed'],
  ['PUT', ATTEMPT, WAITING, 'method_not_allowed'],
  ['POST', ATTEMPT, WAITING, 'method_not_allowed'],
  ['PATCH', undefined, WAITING, 'method_not_allowed'],
  ['TRACE', ATTEMPT, WAITING, 'method_not_allowed'],
  ['PATCH', 'fedcba9876543210', WAITING, 'gone'],
  ['HEAD', 'fedcba9876543210', DONE, 'gone'],
  ['HEAD', ATTEMPT, FRESH, 'gone'],
  ['POST', undefined, DONE, 'forbidden'],
  ['PATCH', ATTEMPT, DONE, 'forbidden'],
  ['DELETE', ATTEMPT, DONE, 'forbidden'],
  ['POST', undefined, CANCELLED, 'gone'],
  ['HEAD', ATTEMPT, CANCELLED, 'gone'],
  ['PATCH', ATTEMPT, TIMED_OUT, 'gone'],
] as const)('%s %s is refused', (method, attempt, upload, code) => {
  expect(() => decideUploadAccess({ method, ...(attempt !== undefined && { attempt }) }, upload)).toThrow(
    expect.objectContaining({ code }),
  );
});
