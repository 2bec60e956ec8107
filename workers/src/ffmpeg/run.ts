import { fileURLToPath } from 'node:url';
import { AppError } from '@mediaflow/shared/errors';
import ffmpeg from 'fluent-ffmpeg';
import { type FfmpegCommand, fileUrl } from './command.ts';
import { CPU_FLAGS } from './cpu-flags.ts';
import { type CpuReading, isStarved, readCpu } from './cpu-share.ts';
import { findWriteFailure, toFfmpegError } from './ffmpeg-error.ts';
import { lowerPriority } from './lower-priority.ts';
import { createStderrLog } from './stderr-log.ts';

/** The wrappers that bind ffmpeg to this process's life and cap its memory. */
const FFMPEG_PATH = fileURLToPath(new URL('../../bin/ffmpeg', import.meta.url));
const COPY_PATH = fileURLToPath(new URL('../../bin/ffmpeg-copy', import.meta.url));

const STALL_TIMEOUT_MS = 60_000;
/** How often a background run may be found without progress because all the machine's cores do what goes before it. */
const MAX_STARVED_PERIODS = 10;
/** Between the polite signal and the one that cannot be refused. */
const KILL_DELAY_MS = 5_000;

/** `-y`: a window that is encoded again from an earlier seek replaces its first try. */
const GLOBAL_OPTIONS = ['-nostdin', '-y', '-hide_banner', '-v', 'error', '-stats', ...CPU_FLAGS];

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Background work yields the processor to whatever a viewer waits for; 0 by default. */
  readonly niceness?: number;
  /** Lowers the run's priority when it is aborted. */
  readonly yielding?: { readonly when: AbortSignal; readonly niceness: number };
  /** Longest time without any output; longer where much must be decoded first, and for background work that gets no processor. */
  readonly stallTimeoutMs?: number;
}

export interface RunResult {
  /** How far the output reached, in seconds. */
  readonly endSeconds: number;
  /** What ffmpeg complained about without failing: a damaged source is decoded as far as it goes. Empty when all was well. */
  readonly messages: string;
}

/**
 * Runs ffmpeg to its end.
 * @throws AppError `encode_failed` or `scratch_full` with argv, exit code, signal and the tail of stderr; `encode_stalled`
 *   when nothing moved for too long; the signal's reason when that was aborted.
 */
export function runFfmpeg(
  command: FfmpegCommand,
  { signal, niceness = 0, yielding, stallTimeoutMs = STALL_TIMEOUT_MS }: RunOptions,
): Promise<RunResult> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stderr = createStderrLog();
    const process = build(command, niceness);
    let argv = '';
    let stopReason: unknown;
    let killTimer: NodeJS.Timeout | undefined;

    const stop = (reason: unknown): void => {
      stopReason ??= reason;
      process.kill('SIGTERM');
      killTimer ??= setTimeout(() => process.kill('SIGKILL'), KILL_DELAY_MS);
    };
    const onAbort = (): void => stop(signal.reason);
    const onYield = (): void => lowerPriority(pidOf(process), yielding?.niceness ?? niceness);
    let starvedPeriods = 0;
    let cpuBefore: CpuReading | undefined;
    const onStall = (): void => {
      const cpuNow = readCpu(pidOf(process));
      if (niceness > 0 && starvedPeriods < MAX_STARVED_PERIODS && isStarved(cpuBefore, cpuNow, stallTimeoutMs / 1000)) {
        starvedPeriods += 1;
        cpuBefore = cpuNow;
        stallTimer = setTimeout(onStall, stallTimeoutMs);
      } else {
        stop(new AppError('encode_stalled', 'The encoder stopped making progress.', { details: { argv, stderrTail: stderr.tail() } }));
      }
    };
    let stallTimer = setTimeout(onStall, stallTimeoutMs);
    const settle = (finish: () => void): void => {
      clearTimeout(stallTimer);
      clearTimeout(killTimer);
      signal.removeEventListener('abort', onAbort);
      yielding?.when.removeEventListener('abort', onYield);
      finish();
    };

    signal.addEventListener('abort', onAbort);
    yielding?.when.addEventListener('abort', onYield);
    process
      .on('start', (commandLine: string) => {
        argv = commandLine;
        // fluent-ffmpeg looks up formats before it spawns; an abort in that time found no process to kill.
        if (stopReason !== undefined) process.kill('SIGKILL');
      })
      .on('stderr', (line: string) => {
        if (!stderr.append(line)) return;
        starvedPeriods = 0;
        cpuBefore = readCpu(pidOf(process));
        clearTimeout(stallTimer);
        stallTimer = setTimeout(onStall, stallTimeoutMs);
      })
      .on('end', () => {
        const failure = findWriteFailure(argv, stderr.tail());
        settle(() =>
          failure === undefined ? resolve({ endSeconds: stderr.positionSeconds(), messages: stderr.tail() }) : reject(failure),
        );
      })
      .on('error', (error: Error) => settle(() => reject(stopReason ?? toFfmpegError(error, argv, stderr.tail()))))
      .run();
  });
}

/** Its types leave the process out. */
const pidOf = (command: ffmpeg.FfmpegCommand): number | undefined =>
  (command as { readonly ffmpegProc?: { readonly pid?: number } }).ffmpegProc?.pid;

function build({ inputOptions, inputPath, filters, outputs, isCopy }: FfmpegCommand, niceness: number): ffmpeg.FfmpegCommand {
  const command = ffmpeg({ niceness, stdoutLines: 20 }).setFfmpegPath(isCopy ? COPY_PATH : FFMPEG_PATH);
  command.input(fileUrl(inputPath)).inputOptions([...GLOBAL_OPTIONS, ...inputOptions]);
  if (filters.length > 0) command.complexFilter([...filters]);
  for (const { options, path } of outputs) command.output(fileUrl(path)).outputOptions([...options]);
  return command;
}

/** Proves that ffmpeg starts and has what the ladder needs. @throws AppError `unavailable` when it does not start */
export function findEncoders(): Promise<{ readonly hasH264: boolean; readonly hasAac: boolean }> {
  return new Promise((resolve, reject) => {
    ffmpeg()
      .setFfmpegPath(FFMPEG_PATH)
      .getAvailableEncoders((error, encoders) => {
        if (error) return reject(new AppError('unavailable', 'ffmpeg does not start.', { cause: error }));
        resolve({ hasH264: 'libx264' in encoders, hasAac: 'aac' in encoders });
      });
  });
}

/**
 * The line with its version that ffmpeg begins every run with; of a run over nothing, however that ends. Not by way of `lavfi`: fluent-ffmpeg
 * (2.1) takes it for missing where devices have a mark of their own in the list of formats, from 7.1 on.
 *
 * @throws AppError `unavailable` when it does not start
 */
export function readBanner(): Promise<string> {
  return new Promise((resolve, reject) => {
    let banner = '';
    ffmpeg(fileUrl('/dev/null'))
      .setFfmpegPath(FFMPEG_PATH)
      .inputOptions(['-f', 's16le'])
      .outputOptions(['-f', 'null'])
      .output(fileUrl('/dev/null'))
      .on('stderr', (line: string) => {
        if (line.startsWith('ffmpeg version')) banner = line;
      })
      .on('end', () => resolve(banner))
      .on('error', (error: Error) =>
        banner === '' ? reject(new AppError('unavailable', 'ffmpeg does not start.', { cause: error })) : resolve(banner),
      )
      .run();
  });
}
