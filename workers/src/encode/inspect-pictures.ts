import { join } from 'node:path';
import { toNumber } from '@mediaflow/shared/rational';
import type { Source, VideoStream } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { FfmpegCommand } from '../ffmpeg/command.ts';
import { tolerateEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { type PacketList, parseFrameCrc } from '../ffmpeg/frame-crc.ts';
import { readOutput } from '../ffmpeg/read-output.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { EncodeOptions } from './encode.ts';
import { type FrameRange, gridOf } from './grid.ts';
import { nicenessOf } from './niceness.ts';
import { countPictures, type PictureCount } from './picture-count.ts';
import { placePictures, placeRuleOf } from './picture-places.ts';
import { gridFilters } from './sample-filters.ts';
import { videoInputOptions } from './video-input-options.ts';

/** A still of this length is taken for lost pictures, where the decoder complained. */
const LONGEST_HOLD_SECONDS = 1;
/** Pictures are coded ahead of those shown before them; this is further than any codec reorders. */
const REORDER_SECONDS = 2;

/**
 * Counts a window's damaged pictures, by decoding it once more: this time the decoder drops what it would otherwise
 * conceal, and what it drops is told by the packets that came with no picture.
 */
export async function inspectPictures(
  source: Source,
  frames: FrameRange,
  seekSeconds: number | undefined,
  { timeline, inputPath, workDir, urgency, signal }: EncodeOptions,
): Promise<PictureCount> {
  const { video } = source;
  if (video === undefined) throw new TypeError('the source has no video stream');
  const { firstFrame, endFrame } = gridOf(source, timeline);
  const paths = { coded: join(workDir, 'coded.txt'), intact: join(workDir, 'intact.txt') };
  const command = inspectCommand({ source, video, timeline, frames, seekSeconds, inputPath, paths });
  await tolerateEncodeFailure(runFfmpeg(command, { signal, niceness: nicenessOf(urgency) }));
  const [coded, intact] = await Promise.all([readList(paths.coded), readList(paths.intact)]);
  const window = {
    first: Math.max(frames.first, firstFrame),
    end: Math.min(frames.first + frames.count, endFrame),
    longestHold: LONGEST_HOLD_SECONDS * toNumber(timeline.frameRate),
  };
  return countPictures({ coded: codedFrames(coded, source, timeline), intact: intact.ticks }, window);
}

interface Inspection {
  readonly source: Source;
  readonly video: VideoStream;
  readonly timeline: Timeline;
  readonly frames: FrameRange;
  readonly seekSeconds: number | undefined;
  readonly inputPath: string;
  readonly paths: { readonly coded: string; readonly intact: string };
}

/** Two lists of timestamps: of the packets, and of the pictures, these by grid index. */
function inspectCommand({ source, video, timeline, frames, seekSeconds, inputPath, paths }: Inspection): FfmpegCommand {
  const { num, den } = timeline.frameRate;
  const end = frames.first + frames.count;
  const untilSeconds = end / toNumber(timeline.frameRate) + gridOf(source, timeline).originSeconds + REORDER_SECONDS;
  return {
    inputOptions: ['-max_error_rate', '1', '-err_detect:v', 'explode', ...videoInputOptions(source, { seekSeconds, threads: 1 })],
    inputPath,
    filters: [`[0:${video.index}]${[...gridFilters(source, timeline), `trim=end_pts=${end}`].join(',')}[pictures]`],
    outputs: [
      { options: ['-map', `0:${video.index}`, '-c', 'copy', '-to', untilSeconds.toFixed(3), '-f', 'framecrc'], path: paths.coded },
      {
        // The picture's address stands for the picture: its bytes are not looked at.
        options: [
          '-map',
          '[pictures]',
          '-fps_mode',
          'passthrough',
          '-enc_time_base',
          `${den}:${num}`,
          '-c:v',
          'wrapped_avframe',
          '-f',
          'framecrc',
        ],
        path: paths.intact,
      },
    ],
  };
}

/** As the filters place the decoded pictures, but for the decoder's delay, which packets do not have. */
function codedFrames({ ticks, tickSeconds }: PacketList, source: Source, timeline: Timeline): readonly number[] {
  const { originSeconds } = gridOf(source, timeline);
  const positions = ticks.map((tick) => (tick * tickSeconds - originSeconds) * toNumber(timeline.frameRate));
  return placePictures(
    positions.toSorted((a, b) => a - b),
    placeRuleOf(source),
  );
}

/** Empty when ffmpeg came to nothing. */
async function readList(path: string): Promise<PacketList> {
  const written = await readOutput(path);
  return parseFrameCrc(written?.toString() ?? '').get(0) ?? { tickSeconds: 1, ticks: [] };
}
