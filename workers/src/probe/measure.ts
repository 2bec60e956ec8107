import { inputGuards } from '../ffmpeg/command.ts';
import { type RunOptions, runFfmpeg } from '../ffmpeg/run.ts';

/** Ends of streams that state none, found by reading every packet and decoding nothing: seconds from the container's start, by index. */
export async function measureEnds(
  path: string,
  demuxer: string,
  indices: readonly number[],
  options: RunOptions,
): Promise<ReadonlyMap<number, number>> {
  const ends = new Map<number, number>();
  for (const index of indices) {
    const outputs = [{ options: ['-map', `0:${index}`, '-c', 'copy', '-f', 'null'], path: '/dev/null' }];
    const { endSeconds } = await runFfmpeg({ inputOptions: inputGuards(demuxer), inputPath: path, filters: [], outputs }, options);
    ends.set(index, endSeconds);
  }
  return ends;
}
