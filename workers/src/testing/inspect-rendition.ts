import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseRational, toNumber } from '@mediaflow/shared/rational';

const execute = promisify(execFile);

export interface VideoFacts {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  readonly aspect: string;
  /** Pictures a second. */
  readonly rate: number;
  readonly frameCount: number;
  readonly hasRotation: boolean;
}

/** What an independent demuxer and decoder find of a rendition's picture; every frame is decoded. */
export async function inspectVideo(path: string): Promise<VideoFacts> {
  const { stdout } = await execute('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    'v',
    '-show_streams',
    '-of',
    'json',
    path,
  ]);
  const [stream] = (JSON.parse(stdout) as { streams: readonly Record<string, unknown>[] }).streams;
  return {
    width: Number(stream?.width),
    height: Number(stream?.height),
    pixelFormat: String(stream?.pix_fmt),
    aspect: String(stream?.sample_aspect_ratio ?? '1:1'),
    rate: toNumber(parseRational(String(stream?.r_frame_rate)) ?? { num: 0, den: 1 }),
    frameCount: Number(stream?.nb_read_frames),
    hasRotation: stream?.side_data_list !== undefined,
  };
}

/** Mean luma (0 to 255) of the first picture, by cells of a grid, row by row. */
export async function readLuma(path: string, columns: number, rows: number): Promise<readonly number[]> {
  const scale = `scale=${columns}:${rows}:flags=area,format=gray`;
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', path, '-frames:v', '1', '-vf', scale, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
  });
  return [...stdout];
}

/** The part of all pictures that ffmpeg's interlace detector takes for whole ones, of those that it can tell. */
export async function readProgressivePart(path: string): Promise<number> {
  const { stderr } = await execute('ffmpeg', ['-hide_banner', '-i', path, '-vf', 'idet', '-f', 'null', '-']);
  const counts = /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/.exec(stderr);
  const [top, bottom, progressive] = [Number(counts?.[1]), Number(counts?.[2]), Number(counts?.[3])];
  return progressive / (top + bottom + progressive);
}
