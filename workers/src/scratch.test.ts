import { tmpdir } from 'node:os';
import { AppError } from '@mediaflow/shared/errors';
import { expect, test } from 'vitest';
import { createScratch, isFullDisk } from './scratch.ts';

test('says how much is free, and refuses when it is too little', async () => {
  const free = await createScratch(tmpdir(), 0).freeBytes();
  expect(free).toBeGreaterThan(0);
  await createScratch(tmpdir(), 0).assertSpace();
  await expect(createScratch(tmpdir(), 1e18).assertSpace()).rejects.toMatchObject({ code: 'scratch_full', isOutage: true });
});

const full = Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' });
test.each([
  ['a full disk', full, true],
  ['a full quota', Object.assign(new Error('write'), { code: 'EDQUOT' }), true],
  ['what was caused by one', new AppError('unavailable', 'The object folder failed.', { cause: full }), true],
  ['another error of a disk', Object.assign(new Error('write'), { code: 'EIO' }), false],
  ['an error of the work', new AppError('corrupt', 'text'), false],
  ['what is no error', 'ENOSPC', false],
])('%s is told for what it is', (_, error, isFull) => {
  expect(isFullDisk(error)).toBe(isFull);
});
