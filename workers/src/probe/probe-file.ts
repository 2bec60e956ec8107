import { open } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';
import type { Source, Warning } from '@mediaflow/shared/source';
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
import { type SniffedFile, sniffFile } from './sniffed-file.ts';
import { joinParts } from './ts/join-parts.ts';
import { examineTs } from './ts/source.ts';

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
  const { demuxer, sizeBytes, cut, unplayed, found } = await lookInto(path);
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

interface Seen {
  readonly demuxer: string;
  readonly sizeBytes: number;
  /** Set when the end of the file is missing. */
  readonly cut: Warning | undefined;
  /** Of what stands behind all that is played. */
  readonly unplayed: readonly Warning[];
  readonly found: Findings;
}

async function lookInto(path: string): Promise<Seen> {
  const file = await open(path, 'r');
  try {
    const sniffed = await sniffFile(path, file);
    const { demuxer, sizeBytes } = sniffed;
    const cut = await checkCompleteness(sniffed);
    const unplayed = await checkSecondFile(sniffed);
    return { demuxer, sizeBytes, cut, unplayed, found: await examine(await readHeaders(path, demuxer, cut), sniffed) };
  } finally {
    await file.close();
  }
}

/** What ffprobe does not say of some formats, or says otherwise. */
async function examine(probe: Probe, { file, demuxer, sizeBytes, mov }: SniffedFile): Promise<Findings> {
  if (demuxer === 'mpegts') return examineTs(probe, (offset, bytes) => readAt(file, offset, bytes), sizeBytes);
  if (mov !== undefined) return examineMov(probe, mov);
  if (demuxer === 'matroska') return { probe: await withTrackDurations(probe, file), warnings: [] };
  return { probe, warnings: [] };
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
