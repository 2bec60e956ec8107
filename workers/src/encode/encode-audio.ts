import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { AudioRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import { AAC_FRAME_SAMPLES, segmentAudioFrames, type Timeline } from '@mediaflow/shared/timeline';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import { cutSegments, type PackagedRendition } from '../package/cut-segments.ts';
import type { CodedTrack } from '../package/fragmented-mp4.ts';
import type { Derive } from '../source/staging.ts';
import { audioCommand, deriveCommand, encodedFrom, startSampleOf } from './audio-args.ts';
import { type AudioReading, audioReadings } from './audio-readings.ts';
import { type FrameRange, rangeFrames, type SegmentRange } from './grid.ts';
import { priorityOf, type Urgency } from './niceness.ts';
import { readTrack } from './read-track.ts';
import { derivedTrack, trackOfSource } from './sound-track.ts';

export interface AudioEncodeOptions {
  readonly inputPath: string;
  readonly workDir: string;
  readonly timeline: Timeline;
  readonly urgency: Urgency;
  readonly signal: AbortSignal;
  /** As `EncodeOptions` has it. */
  readonly unwanted?: AbortSignal;
  /** Keeps what is made of the source for the runs that follow; by default it is made for this run alone. */
  readonly derive?: Derive;
}

/**
 * Consecutive segments of one sound track, equal to those of any other range up to inaudible noise.
 *
 * @throws AppError `encode_failed`, `encode_stalled`
 */
export async function encodeAudio(
  source: Source,
  rendition: AudioRendition,
  range: SegmentRange,
  { inputPath, workDir, timeline, urgency, signal, unwanted, derive = deriveInto(workDir) }: AudioEncodeOptions,
): Promise<PackagedRendition> {
  const frames = rangeFrames(segmentAudioFrames, timeline, range);
  const outputPath = join(workDir, `${rendition.id}.mp4`);
  const original = trackOfSource(source, timeline, rendition.streamIndex, inputPath);
  const readings = audioReadings(original.stream, source.demuxer, startSampleOf(frames));
  const encoding = { rendition, frames, outputPath };
  const options = { signal, ...priorityOf(urgency, unwanted) };
  // Not by the niceness of whoever is first: one that a viewer waits for may need it next.
  const makeDerived = async (path: string): Promise<void> => void (await runFfmpeg(deriveCommand(original, path), { signal }));
  for (const reading of readings) {
    try {
      const track =
        reading.from === 'source' ? original : derivedTrack(original, await derive(`sound-${original.stream.index}`, makeDerived));
      await runFfmpeg(audioCommand({ ...encoding, track, reading }), options);
      const sound = await readWanted(outputPath, frames, reading);
      if (sound !== undefined) return cutSegments(sound, rendition, timeline, range);
    } catch (error) {
      // Where a seek finds no sound at all, ffmpeg may write no track.
      if (reading.isFinal || !isEncodeFailure(error)) throw error;
    }
  }
  throw new AppError('encode_failed', 'The sound could not be encoded.', { details: { renditionId: rendition.id, ...range } });
}

/**
 * The wanted frames; undefined when they are not all there, as after a seek that went too far, or do not follow one another,
 * as where the sound's format changes and ffmpeg starts its filters anew: read from a decoded copy, which keeps one, they do.
 */
async function readWanted(path: string, frames: FrameRange, { isFinal }: AudioReading): Promise<CodedTrack | undefined> {
  const { sampleEntry, samples } = await readTrack(path);
  const skipped = frames.first - encodedFrom(frames);
  const wanted = samples.slice(skipped, skipped + frames.count);
  // The last one has no next to tell its length; those before the wanted ones and after them are heard in them.
  const isWhole = samples.slice(0, -1).every(({ duration }) => duration === AAC_FRAME_SAMPLES);
  return wanted.length === frames.count && (isWhole || isFinal) ? { sampleEntry, samples: wanted } : undefined;
}

const deriveInto =
  (folder: string): Derive =>
  async (name, make) => {
    const path = join(folder, name);
    await make(path);
    return path;
  };
