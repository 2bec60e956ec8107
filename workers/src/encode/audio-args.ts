import type { AudioRendition } from '@mediaflow/shared/ladder';
import type { AudioStream, Source } from '@mediaflow/shared/source';
import { AAC_FRAME_SAMPLES, AUDIO_SAMPLE_RATE_HZ, type Timeline } from '@mediaflow/shared/timeline';
import { type FfmpegCommand, inputGuards } from '../ffmpeg/command.ts';
import { type FrameRange, gridOf } from './grid.ts';
import { fragmentedMp4Options } from './video-args.ts';

export interface AudioEncode {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly rendition: AudioRendition;
  /** AAC frames wanted, numbered as in `shared/timeline.ts`. */
  readonly frames: FrameRange;
  readonly inputPath: string;
  readonly outputPath: string;
}

/**
 * AAC frames encoded before the wanted ones and thrown away, so that the encoder's windows and rate control have
 * settled at the seam as if they had been running since the beginning (0.5 s).
 */
const PREROLL_FRAMES = 24;
/** Encoded after the wanted ones: the encoder chooses a frame's window by looking ahead. */
const POSTROLL_FRAMES = 4;
/** Lets resamplers and decoders settle before the first sample that is used. */
const SETTLE_SECONDS = 0.1;
/** How far before the first needed sample to seek: decoders with overlap or SBR need some frames (ISO/IEC 14496-3). */
const SEEK_MARGIN_SECONDS = 2;
/** A gap in the track's timestamps of at least this becomes silence; smaller ones are the jitter of coarse timestamps. */
const GAP_SECONDS = 0.02;

/** To 48 kHz stereo, silent from the anchor to the track's first sample; centre kept, surround folded in without clipping. */
const RESAMPLE = `aresample=${AUDIO_SAMPLE_RATE_HZ}:async=1:first_pts=0:min_hard_comp=${GAP_SECONDS}:ochl=stereo:rematrix_maxval=1:osf=fltp`;

/** First AAC frame that a run encodes: `frames.first - encodedFrom` packets are to be dropped from its output. */
export const encodedFrom = ({ first }: FrameRange): number => Math.max(0, first - PREROLL_FRAMES);

/**
 * One audio rendition, cut out of the sound as it would be decoded in one pass: units join without a seam. Where
 * timestamps do not name samples, a sample's place is known by counting from the first one alone, so there every unit
 * decodes from the beginning (sound decodes some hundred times faster than it plays).
 */
export function audioCommand({ source, timeline, rendition, frames, inputPath, outputPath }: AudioEncode): FfmpegCommand {
  const stream = source.audio.find(({ index }) => index === rendition.streamIndex);
  if (stream === undefined) throw new TypeError(`the source has no audio stream ${rendition.streamIndex}`);
  const { originSeconds } = gridOf(source, timeline);
  const startSample = encodedFrom(frames) * AAC_FRAME_SAMPLES;
  const endSample = (frames.first + frames.count + POSTROLL_FRAMES) * AAC_FRAME_SAMPLES;
  const anchorSeconds = stream.isSeekExact ? chooseAnchor(startSample, stream) : 0;
  const anchorSample = anchorSeconds * AUDIO_SAMPLE_RATE_HZ;
  const seekSeconds = anchorSeconds - SEEK_MARGIN_SECONDS;
  return {
    inputOptions: [
      ...['-copyts', '-noaccurate_seek', '-threads', '1'],
      ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []),
      ...inputGuards(source.demuxer),
    ],
    inputPath,
    filters: [
      [
        `[0:${stream.index}]asetpts='PTS-round(${originSeconds.toFixed(6)}/TB)'`,
        `atrim=start=${anchorSeconds}`,
        `asetpts=PTS-${anchorSeconds}/TB`,
        ...(stream.channels === 1 ? ['pan=stereo|c0=c0|c1=c0'] : []),
        RESAMPLE,
        'apad',
        `atrim=start_pts=${startSample - anchorSample}:end_pts=${endSample - anchorSample}`,
        `asetpts=N[${rendition.id}]`,
      ].join(','),
    ],
    outputs: [
      {
        options: [
          ...['-map', `[${rendition.id}]`, '-c:a', 'aac', '-b:a', String(rendition.bitrateBps), '-flags:a', '+bitexact'],
          ...fragmentedMp4Options(),
        ],
        path: outputPath,
      },
    ],
  };
}

/**
 * The second, counted on the timeline, from which the sound is resampled. A whole one, because there every sample rate
 * has a sample exactly on the 48 kHz grid: resampling that starts at any other point is off by a fraction of a sample,
 * which clicks at the seam. Never after the track's end, so that there is a sample to start from.
 */
function chooseAnchor(startSample: number, stream: AudioStream): number {
  const settled = startSample / AUDIO_SAMPLE_RATE_HZ - SETTLE_SECONDS;
  return Math.max(0, Math.floor(Math.min(settled, stream.endMs / 1000 - SEEK_MARGIN_SECONDS)));
}
