import { expect, it } from 'vitest';
import { type InstantRounds, summarize } from './summarize.ts';

const film = (filmSeconds: number, ...seconds: number[]) => ({ filmSeconds, seconds, bareSeconds: [0.7] });
const jump = (...seconds: number[]): InstantRounds['seek'] => ({ seconds, bareSeconds: [1] });

it.each([
  { name: 'soon', start: [film(10, 1, 9, 1.2), film(3600, 1.5, 1.4, 1.3)], seek: jump(2, 2.4, 9), ratio: 1.17, isWithinBudget: true },
  { name: 'late', start: [film(10, 2.1), film(3600, 2)], seek: jump(1), ratio: 0.95, isWithinBudget: false },
  { name: 'later when longer', start: [film(10, 1), film(3600, 1.6)], seek: jump(1), ratio: 1.6, isWithinBudget: false },
  { name: 'slow to jump', start: [film(10, 1), film(3600, 1)], seek: jump(2.6, 2.6, 1), ratio: 1, isWithinBudget: false },
])('$name', ({ start, seek, ratio, isWithinBudget }) => {
  expect(summarize({ start, seek })).toMatchObject({ longestOverShortest: ratio, isWithinBudget });
});

it('names each row by the length of its film', () => {
  const { rows } = summarize({ start: [film(10, 1), film(3600, 1)], seek: jump(1) });
  expect(rows.map(({ what }) => what)).toEqual(['first picture, 10 s', 'first picture, 60 min', 'jump to a place not encoded, 60 min']);
});
