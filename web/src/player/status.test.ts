import { describe, expect, it } from 'vitest';
import { type PlaybackSnapshot, sentenceForFailure, sentenceForWait, stateOf } from './status.ts';

const playing: PlaybackSnapshot = { hasError: false, isEnded: false, isPaused: false, readyState: 4, isWaiting: false };

describe('stateOf', () => {
  it.each<[string, Partial<PlaybackSnapshot>, string]>([
    ['frames moving', {}, 'playing'],
    ['frames moving while a later segment is not there yet', { isWaiting: true }, 'playing'],
    ['starved, and the server says not yet', { readyState: 2, isWaiting: true }, 'preparing'],
    ['starved by the network', { readyState: 2 }, 'loading'],
    ['before the first frame', { isPaused: true, readyState: 0 }, 'loading'],
    ['before the first frame, not encoded yet', { isPaused: true, readyState: 1, isWaiting: true }, 'preparing'],
    ['paused on a frame', { isPaused: true, readyState: 2 }, 'paused'],
    ['at the end', { isEnded: true, isPaused: true, readyState: 2 }, 'ended'],
    ['failed, whatever else', { hasError: true, isEnded: true }, 'error'],
  ])('%s', (_, changes, expected) => expect(stateOf({ ...playing, ...changes })).toBe(expected));
});

describe('sentenceForFailure', () => {
  it('tells a refused link from a missing video and from a browser that cannot', () => {
    const sentences = [403, 404, 412, 500, undefined].map(sentenceForFailure);
    expect(new Set(sentences).size).toBe(5);
    expect(sentences[0]).toMatch(/token is missing, has expired, or belongs to another/);
  });
});

it.each([
  [0, /no answer/i],
  [503, /preparing/i],
  [412, /preparing/i],
])('tells a network that is gone from a part that is being made: %s', (status, sentence) => {
  expect(sentenceForWait(status)).toMatch(sentence);
});
