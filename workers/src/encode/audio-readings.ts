import type { AudioStream } from '@mediaflow/shared/source';
import { AUDIO_SAMPLE_RATE_HZ } from '@mediaflow/shared/timeline';

/** A way to get at the sound from some sample on. */
export interface AudioReading {
  /** The source's own track, or that track decoded once to a file of exact timestamps. */
  readonly from: 'source' | 'derived';
  /** Second of the timeline from which the sound is resampled. */
  readonly anchorSeconds: number;
  /** Where to begin reading, in seconds from the container's start; 0 for the beginning. */
  readonly seekSeconds: number;
  /** What is not found this way is nowhere, and silence takes its place. */
  readonly isFinal?: boolean;
}

/** Lets resamplers and decoders settle before the first sample that is used. */
const SETTLE_SECONDS = 0.1;
/**
 * How far before the first needed sample to seek: decoders with overlap or SBR need some frames (ISO/IEC 14496-3), and
 * where no index leads to packets of sound, they may lie some way from the pictures of their time.
 */
const INDEXED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'wav', 'matroska', 'avi']);
const INDEXED_MARGINS = [2, 15] as const;
const UNINDEXED_MARGINS = [5, 30] as const;
/** So near the beginning, decoding from there costs less than making a file first: an opening must not wait for a whole film. */
const DIRECT_SECONDS = 120;

const DERIVED_BEGINNING: AudioReading = { from: 'derived', anchorSeconds: 0, seekSeconds: 0, isFinal: true };

/**
 * Ways to read a track from `startSample` of the timeline on, to be tried in this order until the sound comes out
 * complete; the last always is. Any of them yields the same samples: where a timestamp names a sample, and so the place
 * of what is found after a seek is known, the source itself is sought; elsewhere a place is known by counting from the
 * first sample alone, so that the track is decoded once to a file that can be sought.
 */
export function audioReadings(stream: AudioStream, demuxer: string, startSample: number): readonly AudioReading[] {
  const isLocated = stream.isSeekExact === true || stream.frameGrid !== undefined;
  const startSeconds = startSample / AUDIO_SAMPLE_RATE_HZ;
  const margins = INDEXED_DEMUXERS.has(demuxer) ? INDEXED_MARGINS : UNINDEXED_MARGINS;
  const anchorSeconds = chooseAnchor(startSeconds, stream, margins[0]);
  const fromSource = (isLocated ? margins.map((margin) => anchorSeconds - margin) : [])
    .filter((seconds) => seconds > 0)
    .map((seekSeconds): AudioReading => ({ from: 'source', anchorSeconds, seekSeconds }));
  const isNear = isLocated ? fromSource.length === 0 : startSeconds < DIRECT_SECONDS;
  const derivedSeconds = anchorSeconds - INDEXED_MARGINS[0];
  return [
    ...(isNear ? [{ from: 'source', anchorSeconds: 0, seekSeconds: 0 } as const] : fromSource),
    ...(derivedSeconds > 0 ? [{ from: 'derived', anchorSeconds, seekSeconds: derivedSeconds } as const] : []),
    DERIVED_BEGINNING,
  ];
}

/**
 * A whole second, because there every sample rate has a sample exactly on the 48 kHz grid: resampling that starts at any
 * other point is off by a fraction of a sample, which clicks at the seam. Never after the track's end, so that there is a
 * sample to start from.
 */
function chooseAnchor(startSeconds: number, stream: AudioStream, marginSeconds: number): number {
  return Math.max(0, Math.floor(Math.min(startSeconds - SETTLE_SECONDS, stream.endMs / 1000 - marginSeconds)));
}
