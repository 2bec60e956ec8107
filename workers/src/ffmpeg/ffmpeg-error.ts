import { AppError } from '@mediaflow/shared/errors';
import { scratchFull } from '../scratch.ts';

const NO_SPACE = /No space left on device|Disk quota exceeded/;
/** With the output's name up to 5.1, without it from 6 on. */
const WRITE_FAILED = /Error (?:writing trailer|closing file)(?: of)?[ :]/;
/** SIGKILL comes from the kernel when memory is short, SIGABRT and the words from a limit on the address space (bin/contain). */
const NO_MEMORY = /Cannot allocate memory|malloc of size \d+ failed/;

/** Pure. What fluent-ffmpeg says of a run that failed, as one of ours, with all that tells why. */
export function toFfmpegError(error: Error, argv: string, stderrTail: string): AppError {
  const exitCode = /exited with code (\d+)/.exec(error.message)?.[1];
  const signal = /killed with signal (\w+)/.exec(error.message)?.[1];
  const details = {
    argv,
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(signal !== undefined && { signal }),
    stderrTail,
  };
  if (NO_SPACE.test(stderrTail)) return scratchFull(error, details);
  const isOutOfMemory = signal === 'SIGKILL' || signal === 'SIGABRT' || NO_MEMORY.test(stderrTail);
  return new AppError('encode_failed', isOutOfMemory ? 'The encoder ran out of memory.' : 'The video could not be encoded.', {
    cause: error,
    details,
  });
}

/**
 * Pure. ffmpeg (5.1) ends with 0 when only the last bytes of an output could not be written, and leaves it cut off.
 *
 * @param stderr of a run that ended well by its own account; undefined is returned when it did
 */
export function findWriteFailure(argv: string, stderr: string): AppError | undefined {
  return WRITE_FAILED.test(stderr) ? toFfmpegError(new Error('ffmpeg exited with code 0'), argv, stderr) : undefined;
}

/**
 * A run that ended with an error of its own: often no more than that there was nothing to decode from where it began. One that was
 * ended from outside says nothing of its source, and has to be tried again.
 */
export const isEncodeFailure = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'encode_failed' && !isEndedFromOutside(error);

/** ffmpeg's exit code after a signal that it heard. */
const STOPPED = 255;

/** By a kernel short of memory, or with everything else in its group, as a service manager or Ctrl-C ends a worker. */
const isEndedFromOutside = ({ details: { signal, exitCode } }: AppError): boolean =>
  signal === 'SIGKILL' || signal === 'SIGTERM' || exitCode === STOPPED;

/** Nothing came out of the decoder from which the filters could be set up. Later releases leave the word `stream` out. */
export const hasNoPicture = ({ details }: AppError): boolean =>
  /Cannot determine format of input (?:stream )?\d+:\d+ after EOF/.test(String(details.stderrTail));

/** Where that is a result too, which shows in what was written. */
export async function tolerateEncodeFailure(run: Promise<unknown>): Promise<void> {
  try {
    await run;
  } catch (error) {
    if (!isEncodeFailure(error)) throw error;
  }
}
