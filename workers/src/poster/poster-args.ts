import type { VideoStream } from '@mediaflow/shared/source';
import { TONE_MAP } from '../encode/video-args.ts';
import { type FfmpegCommand, inputGuards } from '../ffmpeg/command.ts';

const MAX_WIDTH = 1280;
/** A tenth in: past the fade-in and the title, before the story is told. */
const POSITION = 0.1;

/** One JPEG of the picture at a tenth of the film; `seekSeconds` 0 takes the first picture there is. */
export function posterCommand(
  demuxer: string,
  video: VideoStream,
  seekSeconds: number,
  inputPath: string,
  outputPath: string,
): FfmpegCommand {
  const width = Math.min(video.width, MAX_WIDTH);
  const height = Math.max(1, Math.round((video.height * width) / video.width));
  const filters = [
    ...(video.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    `scale=${width}:${height}`,
    ...(video.isHdr ? [TONE_MAP] : []),
    'setsar=1',
    // JPEG is full range (JFIF 1.02).
    'scale=out_range=full',
    'format=yuvj420p',
  ];
  return {
    inputOptions: ['-threads', '1', ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []), ...inputGuards(demuxer)],
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

export const posterSeconds = ({ startMs, endMs }: VideoStream): number => (startMs + (endMs - startMs) * POSITION) / 1000;
