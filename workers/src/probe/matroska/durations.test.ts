import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '@mediaflow/shared/source';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClipFolder, ffmpeg } from '../../testing/clips.ts';
import { picture, X264 } from '../../testing/zoo/zoo-case.ts';
import { probeFile } from '../probe-file.ts';

const INFO_DURATION = Buffer.from('448988', 'hex');

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

/** Four seconds of picture from 3 s on, four seconds of sound from 5 s on. */
async function makeFilm(name: string): Promise<string> {
  const path = join(clips.path, name);
  const sound = ['-itsoffset', '2', '-f', 'lavfi', '-i', 'sine=d=4'];
  await ffmpeg(...picture('64x36', { seconds: 4 }), ...sound, ...X264, '-c:a', 'flac', '-output_ts_offset', '3', path);
  return path;
}

/** Durations as mkvmerge writes them, and a track's not at all where it is told so. */
async function asMkvmerge(path: string, { isTagged }: { readonly isTagged: boolean }): Promise<void> {
  const bytes = await readFile(path);
  const [appStart, appEnd] = [bytes.indexOf('Lavf'), bytes.indexOf(Buffer.from([0x57, 0x41]))];
  bytes.fill(' ', appStart, appEnd).write('libmatroska', appStart);
  bytes.writeDoubleBE(6_000, bytes.indexOf(INFO_DURATION) + INFO_DURATION.length);
  for (const ends of ['00:00:07', '00:00:09']) {
    const tag = bytes.indexOf(ends);
    expect(tag).toBeGreaterThan(0);
    if (isTagged) bytes.write('00:00:04', tag);
    else bytes.write('DURATIO_', bytes.lastIndexOf('DURATION', tag));
  }
  await writeFile(path, bytes);
}

async function spansOf(path: string): Promise<unknown> {
  const { startMs, durationMs, video, audio }: Source = await probeFile(path, new AbortController().signal);
  return { startMs, durationMs, picture: [video?.startMs, video?.endMs], sound: [audio[0]?.startMs, audio[0]?.endMs] };
}

test("durations count from a track's beginning as mkvmerge writes them, and from the clock as ffmpeg does", async () => {
  const expected = { startMs: 3_000, durationMs: 6_000, picture: [0, 4_000], sound: [2_000, 6_000] };
  expect(await spansOf(await makeFilm('ffmpeg.mkv'))).toEqual(expected);
  const tagged = await makeFilm('mkvmerge.mkv');
  await asMkvmerge(tagged, { isTagged: true });
  expect(await spansOf(tagged)).toEqual(expected);
  // Only the end of the whole file is known then.
  const untagged = await makeFilm('untagged.mkv');
  await asMkvmerge(untagged, { isTagged: false });
  expect(await spansOf(untagged)).toEqual({ ...expected, picture: [0, 6_000] });
});
