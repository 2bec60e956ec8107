import { describe, expect, test } from 'vitest';
import { areEven, findFrameGrid } from './frame-grid.ts';

const aac = { codec: 'aac', sampleRateHz: 44_100 };
/** Timestamps of frames of `samples` samples, numbered, as a clock of milliseconds has them. */
const rounded = (numbers: readonly number[], samples = 1024, rateHz = 44_100, startMs = 57): readonly number[] =>
  numbers.map((number) => Math.round(startMs + (number * samples * 1000) / rateHz));
const start = Array.from({ length: 40 }, (_, index) => index);
const late = start.map((index) => index + 155_000);

describe('the frame grid of a track', () => {
  test.each([
    ['AAC counted in milliseconds', aac, rounded([...start, ...late]), { startMs: 34, samples: 1024 }],
    ['HE-AAC, whose frames are twice as long', aac, rounded([...start, ...late], 2048), { startMs: 34, samples: 2048 }],
    ['Opus of 20 ms', { codec: 'opus', sampleRateHz: 48_000 }, rounded(start, 960, 48_000), { startMs: 34, samples: 960 }],
    ['MP3 of MPEG-2', { codec: 'mp3', sampleRateHz: 22_050 }, rounded(start, 576, 22_050), { startMs: 34, samples: 576 }],
    ['a clock that drifts by a frame in an hour', aac, [...rounded(start), ...rounded(late).map((ms) => ms + 10)], undefined],
    ['a recording that paused', aac, [...rounded(start), ...rounded(late).map((ms) => ms + 1_234_567)], undefined],
    ['a clock that jitters', aac, rounded(start).map((ms, index) => ms + (index % 3) * 3), undefined],
    [
      'frames of 2.5 ms, too short for a clock of milliseconds',
      { codec: 'opus', sampleRateHz: 48_000 },
      rounded(start, 120, 48_000),
      undefined,
    ],
    ['Vorbis, whose frames differ', { codec: 'vorbis', sampleRateHz: 44_100 }, rounded(start), undefined],
    ['no packet', aac, [], undefined],
  ])('%s', (_, stream, packetsMs, expected) => {
    expect(findFrameGrid(stream, packetsMs, 23)).toEqual(expected);
  });
});

describe('pictures come evenly', () => {
  const ntsc = { frameRate: { num: 30_000, den: 1001 } };
  const shown = (numbers: readonly number[]): readonly number[] => numbers.map((number) => Math.round(57 + (number * 1001) / 30));
  test.each([
    ['counted in milliseconds', shown([...start, ...late]), true],
    ['with some left out', shown(start.filter((number) => number % 7 !== 3)), true],
    ['but for a clock that drifts by a tenth of a frame', [...shown(start), ...shown(late).map((ms) => ms + 4)], false],
    ['but for one', shown(start).with(17, 57 + 17 * 33.4 + 3), false],
    ['as far as is known: nothing', [], false],
  ])('%s', (_, packetsMs, expected) => {
    expect(areEven(packetsMs, ntsc)).toBe(expected);
  });
});
