import { parseRational } from '@mediaflow/shared/rational';
import { type AudioStream, MAX_AUDIO_TRACKS, type Warning } from '@mediaflow/shared/source';
import { describeTrack, hasDisposition, type TrackTags } from './track-tags.ts';

/** A sound track as ffprobe describes it. */
export interface ProbedAudio extends TrackTags {
  readonly index: number;
  readonly codec_name?: string | undefined;
  readonly channels?: number | undefined;
  readonly sample_rate?: number | undefined;
  readonly time_base?: string | undefined;
}

export interface AudioTracks {
  readonly audio: AudioStream[];
  readonly warnings: readonly Warning[];
}

/**
 * The sound tracks to carry: the container's default first, then its order, at most `MAX_AUDIO_TRACKS`. Each becomes a
 * rendition, so a file of forty must not become forty encoders.
 *
 * @param spanOf when a track's first sample is heard and its last one ends, in milliseconds of the source's timeline
 */
export function toAudioTracks<Stream extends ProbedAudio>(
  streams: readonly Stream[],
  spanOf: (stream: Stream) => { readonly startMs: number; readonly endMs: number },
  demuxer: string,
): AudioTracks {
  const heard = streams.map((stream) => toAudioStream(stream, spanOf(stream), demuxer)).filter(({ endMs }) => endMs > 0);
  const ordered = heard.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  const dropped = ordered.length - MAX_AUDIO_TRACKS;
  return {
    audio: ordered.slice(0, MAX_AUDIO_TRACKS),
    warnings:
      dropped > 0
        ? [
            {
              type: 'audio_tracks_dropped',
              message: `The file has ${ordered.length} sound tracks; the first ${MAX_AUDIO_TRACKS} are kept and ${dropped} left out.`,
            },
          ]
        : [],
  };
}

function toAudioStream(stream: ProbedAudio, span: { readonly startMs: number; readonly endMs: number }, demuxer: string): AudioStream {
  const sampleRateHz = stream.sample_rate ?? 0;
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    channels: stream.channels ?? 0,
    sampleRateHz,
    startMs: span.startMs,
    endMs: span.endMs,
    ...describeTrack(stream),
    isDefault: hasDisposition(stream, 'default'),
    isSeekExact: SAMPLE_INDEXED_DEMUXERS.has(demuxer) && isSampleExact(stream.time_base, sampleRateHz),
  };
}

/** Formats that find any sample's position without decoding what precedes it. */
const SAMPLE_INDEXED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'wav']);

/** True for `1/48000` at 48 kHz; false for a clock of milliseconds, which names a sample only roughly. */
function isSampleExact(timeBase: string | undefined, sampleRateHz: number): boolean {
  const base = parseRational(timeBase);
  return base !== undefined && base.num === 1 && base.den % sampleRateHz === 0;
}
