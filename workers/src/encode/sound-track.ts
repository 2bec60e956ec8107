import type { AudioStream, Source } from '@mediaflow/shared/source';
import { AUDIO_SAMPLE_RATE_HZ, type Timeline } from '@mediaflow/shared/timeline';
import { gridOf } from './grid.ts';

/** One track of sound in a local file. */
export interface SoundTrack {
  readonly path: string;
  readonly demuxer: string;
  readonly stream: AudioStream;
  /** The file's timestamp, in seconds, that is 0 on the timeline. */
  readonly originSeconds: number;
  /** Where the frame grid begins, in seconds of the file's clock; only with `stream.frameGrid`. */
  readonly gridSeconds: number;
  /** Made by `deriveCommand`: its timestamps are exact to the sample. */
  readonly isDerived?: boolean;
}

export function trackOfSource(source: Source, timeline: Timeline, streamIndex: number, path: string): SoundTrack {
  const stream = source.audio.find(({ index }) => index === streamIndex);
  if (stream === undefined) throw new TypeError(`the source has no audio stream ${streamIndex}`);
  const { originSeconds } = gridOf(source, timeline);
  const gridSeconds = (source.startMs + (stream.frameGrid?.startMs ?? 0)) / 1000;
  return { path, demuxer: source.demuxer, stream, originSeconds, gridSeconds };
}

/** The track that `deriveCommand` makes of another. */
export function derivedTrack({ stream }: SoundTrack, path: string): SoundTrack {
  const startMs = Math.max(0, stream.startMs);
  const { endMs } = stream;
  return {
    path,
    demuxer: 'mov',
    stream: { index: 0, codec: 'flac', channels: 2, sampleRateHz: AUDIO_SAMPLE_RATE_HZ, startMs, endMs, isSeekExact: true },
    originSeconds: 0,
    gridSeconds: 0,
    isDerived: true,
  };
}
