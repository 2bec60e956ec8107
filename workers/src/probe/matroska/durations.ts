import type { FileHandle } from 'node:fs/promises';
import { type Probe, parseClock } from '../parse.ts';
import { readElements } from './ebml.ts';
import { INFO, MUXING_APP } from './ids.ts';
import { readParts } from './parts.ts';

/**
 * Durations of a Matroska file in ffprobe's sense, from a track's first picture or sample. mkvmerge counts a track's tag from there, and the
 * whole file from its first track; ffmpeg, whose files ffprobe and `parse.ts` expect, counts both from the zero of the clock (RFC 9559 leaves it open).
 */
export async function withTrackDurations(probe: Probe, file: FileHandle): Promise<Probe> {
  const info = (await readParts(file, [INFO])).get(INFO);
  const [muxer] = info === undefined ? [] : readElements(info, MUXING_APP);
  return muxer?.includes('libmatroska') ? spellOutDurations(probe) : probe;
}

function spellOutDurations({ format, streams }: Probe): Probe {
  const durationOf = ({ duration, start_time, tags }: Probe['streams'][number]): number | undefined => {
    // A track that begins so late that ffprobe does not see it ends somewhere before the file does.
    if (duration !== undefined || start_time === undefined) return duration ?? format.duration;
    const wholeSeconds = format.duration === undefined ? undefined : format.duration + (format.start_time ?? 0) - start_time;
    return parseClock(tags?.DURATION) ?? wholeSeconds;
  };
  return { format, streams: streams.map((stream) => ({ ...stream, duration: durationOf(stream) })) };
}
