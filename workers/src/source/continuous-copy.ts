import { type FfmpegCommand, inputGuards } from '../ffmpeg/command.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Derive } from './staging.ts';

/** More than pictures and sound of one time are apart in a file. */
const JUMP_SECONDS = 3;

/**
 * Several recordings in one transport stream as one, nothing decoded: ffmpeg closes the jumps of their clocks unless it
 * is given `-copyts`, by which everything else reads. Its usual threshold of 10 s would double the jump after a shorter part, of
 * whose sound the last packet comes late.
 */
function continuousCommand(inputPath: string, demuxer: string, streams: readonly number[], outputPath: string): FfmpegCommand {
  const maps = streams.flatMap((index) => ['-map', `0:${index}`]);
  return {
    inputOptions: ['-dts_delta_threshold', String(JUMP_SECONDS), ...inputGuards(demuxer)],
    inputPath,
    filters: [],
    isCopy: true,
    outputs: [{ options: [...maps, '-c', 'copy', '-fflags', '+bitexact', '-f', demuxer], path: outputPath }],
  };
}

/** Path of the continuous copy of some streams, made when nobody has made it yet. */
export function deriveContinuous(
  inputPath: string,
  demuxer: string,
  streams: readonly number[],
  { derive, signal }: { readonly derive: Derive; readonly signal: AbortSignal },
): Promise<string> {
  // Not at a low priority, whoever is first: one that a viewer waits for may need it next.
  return derive('continuous', async (path) => void (await runFfmpeg(continuousCommand(inputPath, demuxer, streams, path), { signal })));
}
