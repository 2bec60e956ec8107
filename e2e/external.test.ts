import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, startPlatform } from './platform.ts';

const run = promisify(execFile);

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const SECONDS = 8;
const FRAMES = SECONDS * 25;
const SOURCE = [
  ...['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${SECONDS}`],
  ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${SECONDS}`],
];
const ENCODE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-c:a', 'aac'];
const HLS = ['-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod'];

/** Two rungs of MPEG-TS segments, a folder each. */
const LADDER = [
  ...['-map', '0:v', '-map', '1:a', '-map', '0:v', '-map', '1:a', '-s:v:0', '320x180', '-s:v:1', '640x360', ...ENCODE, ...HLS],
  ...['-var_stream_map', 'v:0,a:0 v:1,a:1', '-master_pl_name', 'master.m3u8', '-hls_segment_filename', 'v%v/%d.ts', 'v%v/index.m3u8'],
];
/** One media playlist over byte ranges of one fragmented MP4. */
const SINGLE_FILE = [...ENCODE, ...HLS, '-hls_segment_type', 'fmp4', '-hls_flags', 'single_file', 'film.m3u8'];

const DASH = [...ENCODE, '-f', 'dash', '-seg_duration', '2', 'film.mpd'];

/** What somebody else's packager put into the bucket: made there by ffmpeg. The folder's key. */
async function packageInto(name: string, args: readonly string[]): Promise<string> {
  const prefix = `external/${platform.credentials.account_id}/${name}`;
  const cwd = join(platform.dataDir, 'objects', prefix);
  await mkdir(cwd, { recursive: true });
  await run('ffmpeg', ['-v', 'error', ...SOURCE, ...args], { cwd });
  return prefix;
}

interface Registered {
  readonly id: string;
  readonly duration: number;
}

const register = async (key: string): Promise<Registered> =>
  JSON.parse(await platform.mediaflow('register', key, '--json', '--data', platform.dataDir)) as Registered;

async function sign(id: string): Promise<string> {
  const signed = JSON.parse(await platform.mediaflow('sign', id, '--json', '--data', platform.dataDir)) as { url: string };
  return signed.url;
}

/** Pictures of a stream as ffmpeg, a client like any other, decodes them from the edge, and what it complained of. */
async function decode(url: string): Promise<{ readonly frames: number; readonly complaints: string; readonly width: number }> {
  const { stdout, stderr } = await run(
    'ffprobe',
    ['-v', 'warning', '-select_streams', 'v', '-count_frames', '-show_entries', 'stream=nb_read_frames,width', '-of', 'json', url],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  const { streams } = JSON.parse(stdout) as { streams: { nb_read_frames: string; width: number }[] };
  const largest = streams.toSorted((a, b) => b.width - a.width)[0];
  return { frames: Number(largest?.nb_read_frames), complaints: stderr, width: largest?.width ?? 0 };
}

describe('what ffmpeg packaged', () => {
  test.each([
    ['MPEG-TS segments of two rungs', LADDER, 'master.m3u8', 640],
    ['byte ranges of one fragmented MP4', SINGLE_FILE, 'film.m3u8', 640],
    ['DASH with templates', DASH, 'film.mpd', 640],
  ])('%s: every picture arrives through the edge', async (name, args, manifest, width) => {
    const prefix = await packageInto(name.replaceAll(' ', '-'), args);
    const asset = await register(`${prefix}/${manifest}`);
    expect(asset.duration).toBeCloseTo(SECONDS, 0);
    const url = (await sign(asset.id)).replace('.m3u8', manifest.slice(manifest.lastIndexOf('.')));
    expect(await decode(url)).toEqual({ frames: FRAMES, complaints: '', width });
  });
});
