import type { VideoStream } from '@mediaflow/shared/source';
import { colourFilters } from '../encode/colour-filters.ts';
import { TONE_MAP } from '../encode/scale-filters.ts';
import { type FfmpegCommand, inputGuards } from '../ffmpeg/command.ts';

const MAX_WIDTH = 1280;
/** A tenth in: past the fade-in and the title, before the story is told. */
const POSITION = 0.1;

/** A file without keyframes is not read to its end in search of one. */
const KEYFRAME_SEARCH_SECONDS = 30;

export interface PosterTry {
  readonly seekSeconds: number;
  /** Decodes keyframes alone, of which the next one will do: without what leads up to the picture this costs next to nothing. */
  readonly isKeyframe: boolean;
}

/**
 * Where to look for the picture, in this order: at a tenth of the film, roughly and then exactly; the first picture there is. A format without
 * an index may find none after a seek.
 */
export function posterTries({ startMs, endMs }: VideoStream): readonly PosterTry[] {
  const seekSeconds = (startMs + (endMs - startMs) * POSITION) / 1000;
  return [
    { seekSeconds, isKeyframe: true },
    { seekSeconds, isKeyframe: false },
    { seekSeconds: 0, isKeyframe: false },
  ];
}

/** One JPEG. */
export function posterCommand(
  demuxer: string,
  video: VideoStream,
  { seekSeconds, isKeyframe }: PosterTry,
  inputPath: string,
  outputPath: string,
): FfmpegCommand {
  const width = Math.min(video.width, MAX_WIDTH);
  const height = Math.max(1, Math.round((video.height * width) / video.width));
  const filters = [
    ...(video.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    `scale=${width}:${height}`,
    ...colourFilters(video, video.isHdr ? 'yuv420p10le' : 'yuv420p'),
    ...(video.isHdr ? [TONE_MAP] : []),
    'setsar=1',
    // JPEG is full range, and its matrix is that of BT.601 (JFIF 1.02).
    'scale=out_range=full:out_color_matrix=bt601',
    'format=yuvj420p',
  ];
  return {
    inputOptions: [
      ...['-threads', '1', ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : [])],
      ...(isKeyframe ? ['-skip_frame', 'nokey', '-t', String(KEYFRAME_SEARCH_SECONDS)] : []),
      ...(video.isRotationIgnored ? ['-noautorotate'] : []),
      ...inputGuards(demuxer),
    ],
    inputPath,
    filters: [`[0:${video.index}]${filters.join(',')}[poster]`],
    outputs: [
      {
        options: [
          '-map',
          '[poster]',
          '-frames:v',
          '1',
          '-c:v',
          'mjpeg',
          '-q:v',
          '3',
          '-flags:v',
          '+bitexact',
          '-f',
          'image2',
          '-update',
          '1',
        ],
        path: outputPath,
      },
    ],
  };
}
