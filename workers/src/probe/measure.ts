import { AppError } from '@mediaflow/shared/errors';
import { inputGuards } from '../ffmpeg/command.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { type RunOptions, runFfmpeg } from '../ffmpeg/run.ts';

/**
 * ffmpeg reports the time of the last packet: the end for sound, but with B-frames the last picture stored is not the
 * last one shown. This gives each packet of a picture the latest end of any so far.
 */
const LATEST_END = "setts=ts='max(max(PTS,DTS)+DURATION,PREV_OUTPTS)':duration=0";

/** Ends of streams that state none, found by reading every packet and decoding nothing: seconds from the container's start, by index. @throws AppError `corrupt` */
export async function measureEnds(
  path: string,
  demuxer: string,
  indices: readonly number[],
  options: RunOptions,
): Promise<ReadonlyMap<number, number>> {
  const ends = new Map<number, number>();
  for (const index of indices) {
    const outputs = [{ options: ['-map', `0:${index}`, '-c', 'copy', '-bsf:v', LATEST_END, '-f', 'null'], path: '/dev/null' }];
    const command = { inputOptions: inputGuards(demuxer), inputPath: path, filters: [], outputs };
    const { endSeconds } = await runFfmpeg(command, options).catch((error: unknown) => {
      throw explainUnreadable(error);
    });
    ends.set(index, endSeconds);
  }
  return ends;
}

/** ffmpeg gives up with an exit code (1 up to 6.0, later the error's) on what it cannot read, and another attempt would read the same. */
function explainUnreadable(error: unknown): unknown {
  if (!isEncodeFailure(error) || error.details.exitCode === undefined) return error;
  return new AppError('corrupt', 'The file is too damaged to be read to its end.', { cause: error, details: error.details });
}
