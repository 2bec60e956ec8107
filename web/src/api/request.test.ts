import { describe, expect, it } from 'vitest';
import { sentenceOf, toAppError } from './request.ts';

describe('toAppError', () => {
  it.each([
    [404, { error: { type: 'not_found', messages: ['No such asset.'] } }, 'not_found', 'No such asset.'],
    [
      422,
      { error: { type: 'not_media', messages: ['This is a text file.', 'Upload a video.'] } },
      'not_media',
      'This is a text file. Upload a video.',
    ],
    [401, { error: { type: 'unauthorized', messages: [] } }, 'unauthorized', 'You are signed out. Sign in again to go on.'],
    [400, { error: { type: 'toString', messages: ['x'] } }, 'invalid_parameters', 'x'],
    [502, '<html>Bad gateway</html>', 'unavailable', 'The server is not ready at the moment. Try again in a few seconds.'],
    [500, undefined, 'unavailable', 'The server is not ready at the moment. Try again in a few seconds.'],
    [429, { error: null }, 'rate_limited', 'Too many requests at once. Wait a moment, then try again.'],
    [418, { error: { messages: [1, {}, null] } }, 'invalid_parameters', 'The server refused this (status 418).'],
  ])('%i %j is %s', (status, body, code, message) => {
    expect(toAppError(status, body)).toMatchObject({ code, message });
  });
});

describe('sentenceOf', () => {
  it('shows the sentence of an error of ours', () => expect(sentenceOf(toAppError(404, undefined))).toMatch(/deleted/));
  it('hides the inside of any other', () => expect(sentenceOf(new TypeError('x is undefined'))).not.toContain('undefined'));
});
