import { type ExecFileException, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '@mediaflow/shared/errors';
import { fileUrl, inputGuards } from './command.ts';
import { tooLarge } from './picture-limit.ts';

/** The wrapper that ends ffprobe with this process, after 30 s, or when it takes too much of processor or memory. */
const FFPROBE_PATH = fileURLToPath(new URL('../../bin/ffprobe', import.meta.url));
/** A thousand tracks and the lyrics of an album take less; one whose tags are longer would fill this process's memory. */
export const MAX_OUTPUT_BYTES = 4_000_000;
const MAX_TAIL_LENGTH = 4_096;

/**
 * What ffprobe says of a file whose demuxer is already decided: its JSON, unchecked. Not by way of fluent-ffmpeg, which reads ffprobe's lines
 * of `name=value`: there a line break in a tag of the file makes up any other value, and each line taken costs as much as all that are left.
 *
 * @throws AppError `not_media` when ffprobe cannot read the file as that format, or not within its processor time; `limit_pixels`;
 *   `unsupported_codec`; `encode_stalled` when it was ended from outside; `unavailable` when it does not start
 */
export function runFfprobe(path: string, demuxer: string): Promise<unknown> {
  const options = ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', ...inputGuards(demuxer), fileUrl(path)];
  return new Promise((resolve, reject) => {
    execFile(FFPROBE_PATH, options, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      if (error === null) resolve(parseJson(stdout));
      else reject(explainFailure(error, stderr, demuxer));
    });
  });
}

/** Undefined for what is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's code for more output than it was to keep, and what a shell exits with that finds no such program (POSIX, 2.8.2). */
const TOO_LONG = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
const NOT_STARTED: readonly unknown[] = [126, 127];
/** SIGKILL (137 by way of `timeout`) comes of a frozen machine, of memory that is short, of whoever kills at random: none is the file's fault. */
const ENDED_FROM_OUTSIDE: readonly unknown[] = ['SIGKILL', 'SIGTERM', 137, 143];

/** Pure. What ffprobe refuses before it says anything of the stream, it names: a picture over `-max_pixels`, a decoder not on our list. */
export function explainFailure({ code, signal }: Pick<ExecFileException, 'code' | 'signal'>, stderr: string, demuxer: string): AppError {
  const details = { demuxer, exitCode: code, signal, stderrTail: stderr.slice(-MAX_TAIL_LENGTH) };
  if (NOT_STARTED.includes(code) || (typeof code === 'string' && code !== TOO_LONG))
    return new AppError('unavailable', 'ffprobe does not start.', { details });
  if (code !== TOO_LONG && (ENDED_FROM_OUTSIDE.includes(code) || ENDED_FROM_OUTSIDE.includes(signal)))
    return new AppError('encode_stalled', 'The file took too long to read.', { details });
  const size = /Picture size (\d+)x(\d+) exceeds/.exec(stderr);
  if (size !== null) return tooLarge(Number(size[1]), Number(size[2]), { details });
  const decoder = /Codec \((\w+)\) not on whitelist/.exec(stderr)?.[1];
  if (decoder !== undefined) return new AppError('unsupported_codec', `The codec ${decoder} is not supported.`, { details });
  return new AppError('not_media', 'The file cannot be read as video or audio.', { details });
}
