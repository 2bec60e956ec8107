import { deadLetterSchema } from '@mediaflow/shared/api';
import { newAccountId, newAssetId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import type { DeadLetterRow } from '../db/schema.ts';
import { presentDeadLetter } from './dead-letter.ts';

const ROW: DeadLetterRow = {
  id: 'a',
  account_id: newAccountId(),
  asset_id: newAssetId(),
  version: 1,
  job: 'encode',
  work_id: 'v720.3.0-1',
  attempts: 5,
  error: {
    code: 'encode_failed',
    message: 'ffmpeg failed.',
    details: { argv: 'ffmpeg -i x', exitCode: 1, signal: 'SIGKILL', stderrTail: 'no space', unitId: 'x' },
  },
  created_at: new Date(1_700_000_000_999),
  replayed_at: new Date(1_700_000_060_000),
};

test('the failed process is shown as the worker saw it', () => {
  const letter = presentDeadLetter(ROW);
  expect(deadLetterSchema.parse(letter)).toEqual(letter);
  expect(letter).toEqual({
    id: 'a',
    job: 'encode',
    asset_id: ROW.asset_id,
    error: { type: 'encode_failed', message: 'ffmpeg failed.' },
    attempts: 5,
    argv: 'ffmpeg -i x',
    exit_code: 1,
    signal: 'SIGKILL',
    stderr_tail: 'no space',
    created_at: '1700000000',
    replayed_at: '1700000060',
  });
});

test.each([
  ['no process', {}],
  ['details in another shape', { argv: ['ffmpeg'], exitCode: '1', signal: 9, stderrTail: null }],
])('%s leaves its fields out', (_, details) => {
  const row = { ...ROW, attempts: null, replayed_at: null, error: { ...ROW.error, details } };
  expect(Object.keys(presentDeadLetter(row))).toEqual(['id', 'job', 'asset_id', 'error', 'created_at']);
});
