import { fileURLToPath } from 'node:url';
import { AppError } from '@mediaflow/shared/errors';
import ffmpeg from 'fluent-ffmpeg';
import { fileUrl, inputGuards } from './command.ts';
import { tooLarge } from './picture-limit.ts';

/** The wrapper that ends ffprobe with this process, after 30 s, or when it takes too much of processor or memory. */
const FFPROBE_PATH = fileURLToPath(new URL('../../bin/ffprobe', import.meta.url));
const MAX_TAIL_LENGTH = 4_096;

/**
 * What ffprobe says of a file whose demuxer is already decided, as fluent-ffmpeg hands it out: unparsed.
 *
 * @throws AppError `not_media` when ffprobe cannot read the file as that format, or not within its processor time; `limit_pixels`;
 *   `unsupported_codec`; `encode_stalled` when it was ended from outside
 */
export function runFfprobe(path: string, demuxer: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    ffmpeg(fileUrl(path))
      .setFfprobePath(FFPROBE_PATH)
      .ffprobe(['-v', 'error', ...inputGuards(demuxer)], (error: unknown, data: unknown) => {
        if (error === null || error === undefined) resolve(data);
        else reject(explainFailure(error instanceof Error ? error.message : String(error), demuxer));
      });
  });
}

/** SIGKILL (137 by way of `timeout`) comes of a frozen machine, of memory that is short, of whoever kills at random: none is the file's fault. */
const ENDED_FROM_OUTSIDE = /^ffprobe (?:was killed with signal SIG(?:KILL|TERM)|exited with code (?:137|143))/;

/**
 * Pure. Of fluent-ffmpeg's message, which ends with stderr. What ffprobe refuses before it says anything of the stream, it names: a
 * picture over `-max_pixels`, a decoder not on our list.
 */
export function explainFailure(message: string, demuxer: string): AppError {
  const details = { demuxer, stderrTail: message.slice(-MAX_TAIL_LENGTH) };
  if (ENDED_FROM_OUTSIDE.test(message)) return new AppError('encode_stalled', 'The file took too long to read.', { details });
  const size = /Picture size (\d+)x(\d+) exceeds/.exec(message);
  if (size !== null) return tooLarge(Number(size[1]), Number(size[2]), { details });
  const decoder = /Codec \((\w+)\) not on whitelist/.exec(message)?.[1];
  if (decoder !== undefined) return new AppError('unsupported_codec', `The codec ${decoder} is not supported.`, { details });
  return new AppError('not_media', 'The file cannot be read as video or audio.', { details });
}
