import { randomFillSync } from 'node:crypto';
import { readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ffmpeg } from '../clips.ts';
import { clip, moving, picture, tone, X264, type ZooCase } from './zoo-case.ts';

/** Of no regularity, and the same in every run. */
const NOISE = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7919 + (index >> 3)) % 251));

const DAMAGED: readonly ZooCase[] = [
  {
    name: 'the first half of a film',
    file: 'film.mp4',
    async make(path) {
      // Uncompressed, so that half of the bytes is half of the film.
      await ffmpeg(...moving('64x36', '25', 8), '-c:v', 'rawvideo', '-pix_fmt', 'uyvy422', '-f', 'mov', '-movflags', '+faststart', path);
      await truncate(path, Math.floor((await stat(path)).size / 2));
    },
    verdict: { seconds: 4, size: [64, 36], rate: 25, audioTracks: 0, warnings: ['truncated'] },
  },
  {
    name: 'a film with 2000 bytes of noise in its middle',
    file: 'film.mp4',
    async make(path) {
      await ffmpeg(...moving('320x180', '25', 4), ...X264, '-g', '25', '-movflags', '+faststart', path);
      const bytes = await readFile(path);
      randomFillSync(bytes, Math.floor(bytes.length / 2), 2_000);
      await writeFile(path, bytes);
    },
    verdict: { seconds: 4, size: [320, 180], rate: 25, audioTracks: 0 },
  },
  {
    name: 'a broadcast after 1000 bytes of noise',
    file: 'film.ts',
    async make(path) {
      await ffmpeg(...picture(), ...tone(), ...X264, '-c:a', 'aac', path);
      await writeFile(path, Buffer.concat([NOISE, await readFile(path)]));
    },
    verdict: { seconds: 2, size: [160, 90], rate: 25 },
  },
  {
    name: 'a recording that nobody ended',
    file: 'live.webm',
    make: (path) =>
      ffmpeg(...picture(), ...tone(), '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus', '-live', '1', '-f', 'webm', path),
    verdict: { seconds: 2, size: [160, 90], rate: 25 },
  },
];

const LINE = '1\n00:00:00,000 --> 00:00:01,000\nhello\n';

/** A film with subtitles in it. */
function subtitled(name: string, subtitles: string, optionsOf: (textPath: string) => readonly string[]): ZooCase {
  return {
    name,
    file: 'film.mkv',
    async make(path) {
      const textPath = `${path}.srt`;
      await writeFile(textPath, subtitles);
      await ffmpeg(...picture(), '-i', textPath, ...X264, ...optionsOf(textPath), path);
    },
    verdict: { seconds: 2, size: [160, 90], rate: 25, audioTracks: 0, textTracks: 1 },
  };
}

const SUBTITLED: readonly ZooCase[] = [
  subtitled('SubRip subtitles', LINE, () => ['-c:s', 'srt']),
  subtitled('styled subtitles with a font of their own', LINE, (textPath) => [
    ...['-c:s', 'ass', '-attach', textPath, '-metadata:s:t', 'mimetype=application/x-truetype-font', '-metadata:s:t', 'filename=evil.ttf'],
  ]),
  subtitled('subtitles that make no sense', `${LINE}2\n99:99:99,999 --> 00:00:00,000\n{\\b<i><<\n\n\n3\n--> -->\n`, () => ['-c:s', 'srt']),
];

/** Names never reach a command line: a source is staged under a name that we make. */
const NAMES = ['-i.mp4', 'a%03d.mp4', 'concat:x|y.mp4', '$(id).mp4', `${'n'.repeat(251)}.mp4`, '\u{1f3ac}.mp4', 'two\nlines.mp4'];
const NAMED: readonly ZooCase[] = NAMES.map((file) => ({
  ...clip(`a film called ${JSON.stringify(file).slice(0, 30)}`, file, []),
  make: async (path) => {
    await ffmpeg(...picture('64x36', { seconds: 0.4 }), ...X264, '-f', 'mp4', `file:${dirname(path)}/plain.mp4`);
    await rename(join(dirname(path), 'plain.mp4'), path);
  },
  verdict: { seconds: 0.4, size: [64, 36], rate: 25, audioTracks: 0 },
}));

export const DAMAGES: readonly ZooCase[] = [...DAMAGED, ...SUBTITLED, ...NAMED];
