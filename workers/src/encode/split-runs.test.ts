import type { VideoRendition } from '@mediaflow/shared/rendition';
import { expect, test } from 'vitest';
import { splitRuns } from './split-runs.ts';

const rendition = (id: string, codec: VideoRendition['codec']): VideoRendition => ({ id, codec }) as VideoRendition;
const ids = (targets: Parameters<typeof splitRuns>[0]): readonly (readonly string[])[] =>
  splitRuns(targets).map((run) => run.flatMap(({ number, renditions }) => renditions.map(({ id }) => `${id}/${number}`)));

const [high, low] = [rendition('v720', 'h264'), rendition('v360', 'h264')];
const hevc = rendition('v720-hevc', 'hevc');
const [av1, lowAv1] = [rendition('v720-av1', 'av1'), rendition('v360-av1', 'av1')];

test.each([
  {
    name: 'H.264 of several segments and rungs from one decode',
    targets: [
      { number: 3, renditions: [high, low] },
      { number: 4, renditions: [high] },
    ],
    runs: [['v720/3', 'v360/3', 'v720/4']],
  },
  {
    name: 'each AV1 segment of each rung by itself',
    targets: [
      { number: 3, renditions: [av1, lowAv1] },
      { number: 4, renditions: [av1] },
    ],
    runs: [['v720-av1/3'], ['v360-av1/3'], ['v720-av1/4']],
  },
  {
    name: 'the others together beside AV1',
    targets: [
      { number: 3, renditions: [high, hevc, av1] },
      { number: 4, renditions: [av1] },
    ],
    runs: [['v720/3', 'v720-hevc/3'], ['v720-av1/3'], ['v720-av1/4']],
  },
  { name: 'nothing of nothing', targets: [], runs: [] },
])('$name', ({ targets, runs }) => {
  expect(ids(targets)).toEqual(runs);
});
