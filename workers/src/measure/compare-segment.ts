import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import { segmentFrames, type Timeline } from '@mediaflow/shared/timeline';
import { nicenessOf } from '../encode/niceness.ts';
import { videoSeeks } from '../encode/seek.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { ssimCommand } from './ssim-command.ts';
import { parseSsimStats } from './ssim-stats.ts';

/** One segment as it is stored, and in whose size it is to be compared. */
export interface CodedSegment {
  readonly init: Uint8Array;
  readonly bytes: Uint8Array;
  readonly reference: VideoRendition;
}

export interface CompareOptions {
  /** The source as a local file. */
  readonly inputPath: string;
  /** For the files in between; overwritten by the next call. */
  readonly workDir: string;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
}

/**
 * Holds several codings of one segment against the source, from one decode of it.
 *
 * @returns SSIM of every picture, for each coding in the order given
 * @throws AppError `corrupt` when the source has not the pictures any more that were encoded; `encode_failed`, `encode_stalled`
 */
export async function compareSegment(
  source: Source,
  number: number,
  coded: readonly CodedSegment[],
  { inputPath, workDir, timeline, signal }: CompareOptions,
): Promise<readonly (readonly number[])[]> {
  if (coded.length === 0) return [];
  const comparisons = await Promise.all(
    coded.map(async ({ init, bytes, reference }, index) => {
      const codedPath = join(workDir, `compared-${index}.mp4`);
      await writeFile(codedPath, [init, bytes]);
      return { codedPath, reference, statsPath: join(workDir, `compared-${index}.ssim`) };
    }),
  );
  const frames = segmentFrames(timeline, number);
  for (const seekSeconds of videoSeeks(source, timeline, frames)) {
    const command = ssimCommand({ source, timeline, number, comparisons, seekSeconds, inputPath });
    try {
      await runFfmpeg(command, { signal, niceness: nicenessOf('background') });
    } catch (error) {
      // After a seek into damage there may be nothing to decode; from further ahead there is.
      if (seekSeconds === undefined || !isEncodeFailure(error)) throw error;
      continue;
    }
    const pictures = await Promise.all(comparisons.map(async ({ statsPath }) => parseSsimStats(await readFile(statsPath, 'utf8'))));
    // As in encoding: too few pictures mean that the seek led past the first.
    if (pictures.every(({ length }) => length === frames.count)) return pictures;
  }
  throw new AppError('corrupt', 'The source could not be compared with what was made of it.', { details: { number } });
}
