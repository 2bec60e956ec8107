import type { Timeline } from '@mediaflow/shared/timeline';
import { describe, expect, test } from 'vitest';
import { stringifyTextSegments, toTimelineCues } from './text-segments.ts';
import { type Cue, parseWebVtt } from './webvtt.ts';

/** 130 s: text segments of 60, 60 and 10 s. */
const timeline: Timeline = { frameRate: { num: 25, den: 1 }, framesPerSegment: 100, frameCount: 3250, segmentCount: 33 };
const cue = (startMs: number, endMs: number, text = 'x', changes: Partial<Cue> = {}): Cue => ({
  startMs,
  endMs,
  settings: '',
  text,
  ...changes,
});
const times = (cues: readonly Cue[]) => cues.map(({ startMs, endMs }) => [startMs, endMs]);

describe('cues on the timeline', () => {
  test.each([
    ['counted from its origin', [cue(2400, 3400)], [[1000, 2000]]],
    [
      'cut where it begins and ends',
      [cue(1000, 2400), cue(130_400, 400_000)],
      [
        [0, 1000],
        [129_000, 130_000],
      ],
    ],
    ['left out before and after it', [cue(0, 1400), cue(131_400, 131_500)], []],
    ['left out when shown for no time or backwards', [cue(5000, 5000), cue(6000, 5000)], []],
    ['left out when empty', [cue(5000, 6000, ''), cue(5000, 6000, ' \n ')], []],
    [
      'put in order',
      [cue(5400, 6400), cue(2400, 3400)],
      [
        [1000, 2000],
        [4000, 5000],
      ],
    ],
  ])('%s', (_, cues, expected) => {
    expect(times(toTimelineCues(cues, 1.4, timeline).cues)).toEqual(expected);
  });

  test('text, ids and settings cannot break out of their place', () => {
    const hostile = cue(1000, 2000, '<script>\n\n00:00.000 --> 99:00.000', { id: '-->', settings: `line:0 --> ${'x'.repeat(500)}` });
    const { cues } = toTimelineCues([hostile], 0, timeline);
    expect(cues).toEqual([{ startMs: 1000, endMs: 2000, settings: '', text: '&lt;script>\n00:00.000 --&gt; 99:00.000' }]);
    expect(parseWebVtt([...stringifyTextSegments(cues, timeline)][0]?.file ?? '')).toEqual(cues);
  });

  test('a flood is bounded', () => {
    const flood = Array.from({ length: 60_000 }, (_, index) => cue(index, 130_000, 'y'.repeat(5_000)));
    const { cues, isCut } = toTimelineCues(flood, 0, timeline);
    expect(isCut).toBe(true);
    expect(cues.length).toBe(50_000);
    for (const { file } of stringifyTextSegments(cues, timeline)) expect(file.length).toBeLessThan(2_000_000);
  });
});

describe('text segments', () => {
  const filesOf = (cues: readonly Cue[]) => [...stringifyTextSegments(cues, timeline)];

  test('all exist, the empty ones too, and map their times to those of the media', () => {
    const files = filesOf([cue(125_000, 126_000)]);
    expect(files.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(files[0]?.file).toBe('WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n');
    expect(parseWebVtt(files[2]?.file ?? '')).toHaveLength(1);
  });

  test('a cue that crosses a border is in both, one that touches it in one', () => {
    const files = filesOf([cue(50_000, 60_000), cue(59_000, 61_000), cue(60_000, 62_000)]);
    expect(files.map(({ file }) => times(parseWebVtt(file)))).toEqual([
      [
        [50_000, 60_000],
        [59_000, 61_000],
      ],
      [
        [59_000, 61_000],
        [60_000, 62_000],
      ],
      [],
    ]);
  });
});
