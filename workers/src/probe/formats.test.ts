import { readFile } from 'node:fs/promises';
import { MAX_AUDIO_TRACKS, MAX_TEXT_TRACKS } from '@mediaflow/shared/source';
import { beforeAll, expect, test } from 'vitest';
import { AUDIO_CODECS, DECODERS, isPlayableCodec, type SourceCodec, TEXT_CODECS, VIDEO_CODECS } from '../ffmpeg/codecs.ts';
import { inputGuards } from '../ffmpeg/command.ts';
import { MAX_OUTPUT_BYTES } from '../ffmpeg/run-ffprobe.ts';
import { LIMITS } from './limits.ts';
import { CONTAINERS } from './sniff.ts';

/** The published page promises what the tables in the code hold, no more and no less. */
let sections: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  const page = await readFile(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
  sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [title = '', ...lines] = section.split('\n');
        // The first two lines of a table are its head.
        return [title, lines.filter((line) => line.startsWith('|')).slice(2)];
      }),
  );
});

const codecRows = (codecs: readonly SourceCodec[]): readonly string[] => codecs.map(({ label, codec }) => `| ${label} | \`${codec}\` |`);

test.each([
  ['Containers', CONTAINERS.map(({ label, demuxer }) => `| ${label} | \`${demuxer}\` |`)],
  ['Pictures', codecRows(VIDEO_CODECS)],
  ['Sound', codecRows(AUDIO_CODECS)],
  ['Subtitles', codecRows(TEXT_CODECS)],
  [
    'Limits',
    [
      `| size of the picture | ${LIMITS.pixels.toLocaleString('en')} pixels (8192 x 4352), no side above ${LIMITS.sidePixels} | \`limit_pixels\` |`,
      `| length | ${LIMITS.durationHours} hours | \`limit_duration\` |`,
      `| pictures a second, on average | ${LIMITS.framesPerSecond} | \`limit_fps\` |`,
      `| streams | ${LIMITS.streams} | \`limit_streams\` |`,
      `| sound tracks | the first ${MAX_AUDIO_TRACKS} | warning \`audio_tracks_dropped\` |`,
      `| subtitle tracks | the first ${MAX_TEXT_TRACKS} | warning \`subtitles_dropped\` |`,
      `| tags, with all else that ffprobe says of the file | ${MAX_OUTPUT_BYTES / 1_000_000} MB | \`not_media\` |`,
    ],
  ],
] as const)('%s', (title, rows) => {
  expect(sections.get(title)).toEqual(rows);
});

test('only listed decoders may run, on every input', () => {
  const guards = inputGuards('mov');
  expect(guards[guards.indexOf('-codec_whitelist') + 1]).toBe(DECODERS.join(','));
  expect(DECODERS).not.toContain('magicyuv');
  expect(isPlayableCodec('magicyuv')).toBe(false);
});

test('references to other files stay off', () => {
  expect(inputGuards('mov').join(' ')).toContain('-enable_drefs 0 -use_absolute_path 0');
});
