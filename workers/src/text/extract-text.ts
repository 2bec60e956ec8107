import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { TextRendition } from '@mediaflow/shared/rendition';
import type { Source, Warning } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import { gridOf } from '../encode/grid.ts';
import { nicenessOf } from '../encode/niceness.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { readOutput } from '../ffmpeg/read-output.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { textCommand } from './text-args.ts';
import { toTimelineCues } from './text-segments.ts';
import { type Cue, parseWebVtt } from './webvtt.ts';

/** A track of few cues is read through the whole file without a sign of progress. */
const SLOWEST_READ_BYTES_PER_MS = 10_000;
const STALL_TIMEOUT_MS = 60_000;

export interface ExtractOptions {
  /** The source as a local file. */
  readonly inputPath: string;
  /** An empty folder. */
  readonly workDir: string;
  readonly timeline: Timeline;
  readonly signal: AbortSignal;
}

export interface ExtractedText {
  readonly cues: readonly Cue[];
  readonly warnings: readonly Warning[];
}

/** The cues of one subtitle track on the timeline. A damaged track yields what can be read of it, and a warning. */
export async function extractText(
  source: Source,
  rendition: TextRendition,
  { inputPath, workDir, timeline, signal }: ExtractOptions,
): Promise<ExtractedText> {
  const stream = source.text.find(({ index }) => index === rendition.streamIndex);
  if (stream === undefined) throw new TypeError(`the source has no text stream ${rendition.streamIndex}`);
  const outputPath = join(workDir, `${rendition.id}.vtt`);
  const isWhole = await runToItsEnd(() =>
    runFfmpeg(textCommand(stream, source.demuxer, inputPath, outputPath), {
      signal,
      niceness: nicenessOf('ahead'),
      stallTimeoutMs: STALL_TIMEOUT_MS + source.sizeBytes / SLOWEST_READ_BYTES_PER_MS,
    }),
  );
  const written = (await readOutput(outputPath))?.toString() ?? '';
  const { cues, isCut } = toTimelineCues(parseWebVtt(written), gridOf(source, timeline).originSeconds, timeline);
  const warning = warnAbout(rendition, isWhole, isCut);
  return { cues, warnings: warning === undefined ? [] : [warning] };
}

/** False when ffmpeg gave up on the track: bad subtitles are no reason to lose the film. */
async function runToItsEnd(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (isEncodeFailure(error) || (error instanceof AppError && error.code === 'encode_stalled')) return false;
    throw error;
  }
}

function warnAbout({ name }: TextRendition, isWhole: boolean, isCut: boolean): Warning | undefined {
  if (!isWhole) return { type: 'subtitles_damaged', message: `The subtitles "${name}" are damaged; what could be read of them is shown.` };
  if (isCut) return { type: 'subtitles_cut', message: `The subtitles "${name}" are longer than any film's; the rest was left out.` };
  return undefined;
}
