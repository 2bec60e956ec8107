import { describe, expect, it } from 'vitest';
import { decideRetry } from './retry.ts';

describe('decideRetry', () => {
  it.each([[undefined], [408], [409], [423], [429], [460], [500], [502], [503], [504]])('goes on after status %s', (status) => {
    expect(decideRetry(status === undefined ? {} : { status }, 0)).toEqual({ kind: 'retry', delayMs: 500 });
  });

  it.each([
    [0, 500],
    [1, 1000],
    [3, 4000],
    [5, 15_000],
    [1_000_000, 15_000],
  ])('waits after %i failures in a row %i ms', (attempt, delayMs) => {
    expect(decideRetry({}, attempt)).toEqual({ kind: 'retry', delayMs });
  });

  it.each([
    [413, false, /larger/],
    [415, false, /video or an audio/],
    [404, true, /no longer has/],
    [403, true, /no longer open/],
    [507, false, /no room/],
    [400, false, /status 400/],
  ])('stops at status %i', (status, isUploadGone, message) => {
    expect(decideRetry({ status }, 0)).toEqual({ kind: 'refused', isUploadGone, message: expect.stringMatching(message) });
  });

  it('passes on a sentence that the server gave', () => {
    const body = JSON.stringify({ error: { type: 'invalid_parameters', messages: ['Upload-Length must be a number.'] } });
    expect(decideRetry({ status: 400, body }, 0)).toMatchObject({ message: 'Upload-Length must be a number.' });
  });

  it.each(['<html>', 'null', '{"error":1}', '{"error":{"messages":[{}]}}'])('is not confused by the body %s', (body) => {
    expect(decideRetry({ status: 400, body }, 0)).toMatchObject({ kind: 'refused', message: expect.stringContaining('status 400') });
  });
});
