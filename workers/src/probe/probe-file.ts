import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';
import type { Source, Warning } from '@mediaflow/shared/source';
import { fileTypeFromFile } from 'file-type';
import { runFfprobe } from '../ffmpeg/run-ffprobe.ts';
import { checkCompleteness, readAt } from './completeness.ts';
import { checkSource, checkStreams } from './limits.ts';
import { measureEnds } from './measure.ts';
import { withFrameGrids } from './measure-frame-grids.ts';
import { findUnmeasured, type Probe, parseProbe, toSource } from './parse.ts';
import { chooseDemuxer } from './sniff.ts';

const HEAD_BYTES = 16_384;

/**
 * Establishes what an uploaded file is: first by its content alone, then by its headers; nothing is decoded, and only a
 * file that was cut or that states no length is read to its end.
 *
 * @throws AppError `empty_source`, `not_media`, `unsupported_container`, `unsupported_codec`, `truncated`, `no_streams`,
 *   `limit_*`: final, with a sentence for the person who sent the file
 */
export async function probeFile(path: string, signal: AbortSignal): Promise<Source> {
  const { demuxer, sizeBytes, cut } = await withFile(path, (file) => recognise(path, file));
  const probe = await readHeaders(path, demuxer, cut);
  signal.throwIfAborted();
  checkStreams(probe);
  const measuredEnds = await measureEnds(path, demuxer, findUnmeasured(probe, { demuxer, isCut: cut !== undefined }), { signal });
  if (cut !== undefined && ![...measuredEnds.values()].some((seconds) => seconds > 0)) throw truncated();
  const source = toSource(probe, { demuxer, sizeBytes, measuredEnds, warnings: cut === undefined ? [] : [cut] });
  checkSource(source);
  return await withFrameGrids(path, source, { signal });
}

interface Recognised {
  readonly demuxer: string;
  readonly sizeBytes: number;
  /** Set when the end of the file is missing. */
  readonly cut: Warning | undefined;
}

async function recognise(path: string, file: FileHandle): Promise<Recognised> {
  const { size: sizeBytes } = await file.stat();
  if (sizeBytes === 0) throw new AppError('empty_source', 'The file is empty.');
  const head = await readAt(file, 0, HEAD_BYTES);
  const demuxer = chooseDemuxer((await fileTypeFromFile(path))?.mime, head);
  return { demuxer, sizeBytes, cut: await checkCompleteness(file, demuxer, head, sizeBytes) };
}

/** What is too short for ffprobe is no media only when nothing is known to be missing. */
async function readHeaders(path: string, demuxer: string, cut: Warning | undefined): Promise<Probe> {
  try {
    return parseProbe(await runFfprobe(path, demuxer));
  } catch (error) {
    if (cut !== undefined && error instanceof AppError && error.code === 'not_media') throw truncated(error);
    throw error;
  }
}

const truncated = (cause?: AppError): AppError =>
  new AppError('truncated', 'The file ends before there is anything to play. Upload it again.', {
    ...(cause !== undefined && { cause, details: cause.details }),
  });

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
