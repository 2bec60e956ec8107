import { type Upload, uploadSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { describe, expect, it } from 'vitest';
import { waitForAsset } from './wait-for-asset.ts';

const UPLOAD_ID = '1'.repeat(32);
const ASSET_ID = '2'.repeat(32);

const upload = (changes: object): Upload => uploadSchema.parse({ id: UPLOAD_ID, timeout: 3600, status: 'waiting', ...changes });

/** Answers in order; an error is thrown. */
function answering(...answers: readonly (Upload | Error)[]) {
  const left = [...answers];
  return async (): Promise<Upload> => {
    const answer = left.shift();
    if (answer === undefined) throw new Error('asked once too often');
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

describe('waitForAsset', () => {
  it('asks until there is an asset, through an outage', async () => {
    const read = answering(upload({}), new AppError('unavailable', 'away'), upload({ status: 'asset_created', asset_id: ASSET_ID }));
    await expect(waitForAsset(UPLOAD_ID, read)).resolves.toBe(ASSET_ID);
  });

  it.each([
    ['errored', { type: 'corrupt', message: 'The file is damaged.' }, /damaged/],
    ['cancelled', undefined, /cancelled/],
    ['timed_out', undefined, /too long/],
  ])('gives up on an upload that is %s, in words', async (status, error, message) => {
    await expect(waitForAsset(UPLOAD_ID, answering(upload({ status, ...(error && { error }) })))).rejects.toThrow(message);
  });

  it('does not wait for an upload that is not there', async () => {
    await expect(waitForAsset(UPLOAD_ID, answering(new AppError('not_found', 'There is no such upload.')))).rejects.toThrow(/no such/);
  });
});
