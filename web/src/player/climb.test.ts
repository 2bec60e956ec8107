import { expect, it } from 'vitest';
import { createClimb } from './climb.ts';

const MADE = 1500;
const STORED = 20;

it.each([
  ['stays lowest while each segment is made for it', 0, [MADE, MADE, MADE], [0, 0, 0]],
  ['stays when only a few were made ahead of it', 0, [MADE, STORED, STORED, STORED, MADE], [0, 0, 0, 0, 0]],
  ['climbs one rung where enough is stored, then looks again', 0, Array(9).fill(STORED), [0, 0, 0, 1, 0, 0, 0, 1, 0]],
  ['falls to the lowest when it has overtaken the encoder', 3, [STORED, MADE], [3, 0]],
] as const)('%s', (_, level, firstBytes, limits) => {
  const climb = createClimb(0);
  expect(firstBytes.map((firstByteMs) => climb.judge({ level, firstByteMs }))).toEqual(limits);
});

it('begins anew after a jump, whatever was on its way before it', () => {
  const climb = createClimb(0);
  const judge = (level: number, firstByteMs: number): number => climb.judge({ level, firstByteMs });
  expect([judge(0, STORED), judge(0, STORED), judge(0, STORED)]).toEqual([0, 0, 0]);
  climb.restart();
  expect([judge(2, STORED), judge(0, STORED), judge(0, STORED), judge(0, STORED), judge(0, STORED)]).toEqual([0, 0, 0, 0, 1]);
});
