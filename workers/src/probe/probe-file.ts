import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';
import type { Source, Warning } from '@mediaflow/shared/source';
import { fileTypeFromFile } from 'file-type';
import { runFfprobe } from '../ffmpeg/run-ffprobe.ts';
import { deriveBeside } from '../source/source-file.ts';
import { checkCompleteness } from './completeness/completeness.ts';
import { checkSecondFile } from './completeness/second-file.ts';
import type { Findings } from './findings.ts';
import { checkSource, checkStreams } from './limits.ts';
import { withTrackDurations } from './matroska/durations.ts';
import { measureEnds } from './measure.ts';
import { examineMov } from './mov/tracks.ts';
import { findUnmeasured, type Probe, parseProbe, toSource } from './parse.ts';
import { readAt } from './read-at.ts';
import { withSampledTimes } from './sampled-times.ts';
import { chooseDemuxer } from './sniff.ts';
import { joinParts } from './ts/join-parts.ts';
import { examineTs } from './ts/source.ts';

const HEAD_BYTES = 16_384;

/**
 * Establishes what an uploaded file is: first by its content alone, then by its headers; nothing is decoded, and only a
 * file that was cut, that states no length or a wrong one, or whose clock jumps is read to its end.
 *
 * @param derive keeps the continuous copy that is made of one whose clock jumps
 *
 * @throws AppError `empty_source`, `not_media`, `unsupported_container`, `unsupported_codec`, `truncated`, `no_streams`,
 *   `limit_*`: final, with a sentence for the person who sent the file
 */
export async function probeFile(path: string, signal: AbortSignal, derive = deriveBeside(path)): Promise<Source> {
  const { demuxer, sizeBytes, cut, unplayed } = await withFile(path, (file) => recognise(path, file));
  const found = await examine(path, demuxer, await readHeaders(path, demuxer, cut), sizeBytes);
  signal.throwIfAborted();
  checkStreams(found.probe);
  const media = await joinParts(path, demuxer, found, { derive, signal });
  const unmeasured = findUnmeasured(media.probe, { demuxer, isCut: cut !== undefined, misstated: found.misstated });
  const measuredEnds = await measureEnds(media.path, demuxer, unmeasured, { signal });
  if (cut !== undefined && ![...measuredEnds.values()].some((seconds) => seconds > 0)) throw truncated();
  const warnings = [...(cut === undefined ? [] : [cut]), ...unplayed, ...media.warnings];
  const source = {
    ...toSource(media.probe, { demuxer, sizeBytes, measuredEnds, pictureSeconds: found.pictureSeconds, warnings }),
    ...(media.streams !== undefined && { continuous: { streams: [...media.streams] } }),
    ...(found.isIndexedInPart && { isIndexedInPart: true }),
  };
  checkSource(source);
  return await withSampledTimes(media.path, source, { signal });
}

/** What ffprobe does not say of some formats, or says otherwise. */
async function examine(path: string, demuxer: string, probe: Probe, sizeBytes: number): Promise<Findings> {
  if (demuxer === 'mpegts') return withFile(path, (file) => examineTs(probe, (offset, bytes) => readAt(file, offset, bytes), sizeBytes));
  if (demuxer === 'mov') return withFile(path, (file) => examineMov(probe, file));
  if (demuxer === 'matroska') return { probe: await withFile(path, (file) => withTrackDurations(probe, file)), warnings: [] };
  return { probe, warnings: [] };
}

interface Recognised {
  readonly demuxer: string;
  readonly sizeBytes: number;
  /** Set when the end of the file is missing. */
  readonly cut: Warning | undefined;
  /** Of what stands behind all that is played. */
  readonly unplayed: readonly Warning[];
}

async function recognise(path: string, file: FileHandle): Promise<Recognised> {
  const { size: sizeBytes } = await file.stat();
  if (sizeBytes === 0) throw new AppError('empty_source', 'The file is empty.');
  const head = await readAt(file, 0, HEAD_BYTES);
  const demuxer = chooseDemuxer((await fileTypeFromFile(path))?.mime, head);
  const cut = await checkCompleteness(file, demuxer, head, sizeBytes);
  return { demuxer, sizeBytes, cut, unplayed: await checkSecondFile(file, demuxer, head, sizeBytes) };
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
