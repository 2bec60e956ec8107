import type { AudioStream } from '@mediaflow/shared/source';
import { describe, expect, test } from 'vitest';
import { audioReadings } from './audio-readings.ts';

const stream: AudioStream = { index: 1, codec: 'aac', channels: 2, sampleRateHz: 44_100, startMs: 0, endMs: 3_600_000 };
const exact = { ...stream, isSeekExact: true };
const onGrid = { ...stream, frameGrid: { startMs: 0, samples: 1024 } };

describe('how sound is read from a sample on', () => {
  test.each([
    ['sample timestamps', exact, 'mov', 3000.5, ['source@2998', 'source@2985', 'derived@2998', 'derived@0']],
    ['a frame grid in a format with an index', onGrid, 'matroska', 3000.5, ['source@2998', 'source@2985', 'derived@2998', 'derived@0']],
    ['a frame grid without an index', onGrid, 'mpegts', 3000.5, ['source@2995', 'source@2970', 'derived@2998', 'derived@0']],
    ['neither, far from the beginning', stream, 'mp3', 3000.5, ['derived@2998', 'derived@0']],
    ['neither, near the beginning', stream, 'mp3', 100, ['source@0', 'derived@97', 'derived@0']],
    ['the very beginning', exact, 'mov', 0, ['source@0', 'derived@0']],
    ['a beginning that no margin leads before', onGrid, 'mpegts', 4, ['source@0', 'derived@1', 'derived@0']],
    ['after the end of the track', { ...exact, endMs: 9_500 }, 'mov', 3000, ['source@5', 'derived@5', 'derived@0']],
    ['after the end of a track without places', { ...stream, endMs: 500 }, 'mp3', 3000, ['derived@0']],
  ] as const)('%s', (_, track, demuxer, seconds, expected) => {
    const readings = audioReadings(track, demuxer, seconds * 48_000);
    expect(readings.map(({ from, seekSeconds }) => `${from}@${seekSeconds}`)).toEqual(expected);
  });

  test('resamples from a whole second before the first sample', () => {
    expect(audioReadings(exact, 'mov', 20.05 * 48_000)[0]?.anchorSeconds).toBe(19);
    expect(audioReadings(exact, 'mov', 20.1 * 48_000)[0]?.anchorSeconds).toBe(20);
  });
});
