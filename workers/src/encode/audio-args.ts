import type { AudioRendition } from '@mediaflow/shared/rendition';
import { AAC_FRAME_SAMPLES, AUDIO_SAMPLE_RATE_HZ } from '@mediaflow/shared/timeline';
import { type FfmpegCommand, type FfmpegOutput, inputGuards } from '../ffmpeg/command.ts';
import type { AudioReading } from './audio-readings.ts';
import { fragmentedMp4Options } from './fragmented-mp4-options.ts';
import type { FrameRange } from './grid.ts';
import type { SoundTrack } from './sound-track.ts';

export interface AudioEncode {
  readonly track: SoundTrack;
  readonly reading: AudioReading;
  readonly rendition: AudioRendition;
  /** AAC frames wanted, numbered as in `shared/timeline.ts`. */
  readonly frames: FrameRange;
  readonly outputPath: string;
}

/**
 * AAC frames encoded before the wanted ones and thrown away, so that the encoder's windows and rate control have
 * settled at the seam as if they had been running since the beginning (0.5 s).
 */
const PREROLL_FRAMES = 24;
/** Encoded after the wanted ones: the encoder chooses a frame's window by looking ahead. */
const POSTROLL_FRAMES = 4;
/** A gap in the track's timestamps of at least this becomes silence; smaller ones are the jitter of coarse timestamps. */
const GAP_SECONDS = 0.02;
/** On a frame grid, and in a file that we made, there is no jitter left. */
const EXACT_GAP_SECONDS = 0.005;
/** A track may end this much before its stated end, and silence follows; more means that it was read from a wrong place. */
const TAIL_SLACK_SECONDS = 1;

/** Formats of broadcasts, which change from stereo to surround on the way: there ffmpeg starts its filters anew. */
const CHANGING_DEMUXERS: ReadonlySet<string> = new Set(['mpegts', 'mpeg']);

/** First AAC frame that a run encodes: `frames.first - encodedFrom` packets are to be dropped from its output. */
export const encodedFrom = ({ first }: FrameRange): number => Math.max(0, first - PREROLL_FRAMES);

/** Sample of the timeline at which a run's encoder starts. */
export const startSampleOf = (frames: FrameRange): number => encodedFrom(frames) * AAC_FRAME_SAMPLES;

/**
 * A whole track on the timeline at 48 kHz stereo, as FLAC in MP4: half the size of PCM, and sought to the sample. Gaps stay
 * gaps in its timestamps: ffmpeg starts its filters anew where a broadcast changes from stereo to surround, and what
 * they would fill in then is not missing.
 */
export function deriveCommand(track: SoundTrack, outputPath: string): FfmpegCommand {
  return {
    ...inputOf(track, 0),
    filters: [
      [...soundFilters(track, 0), resampler(track), 'aformat=sample_fmts=s16[heard]'].join(','),
      // A moment of silence at the end: there is something to read even where nothing could be decoded.
      `anullsrc=r=${AUDIO_SAMPLE_RATE_HZ}:cl=stereo,aformat=sample_fmts=s16,atrim=end_sample=${AAC_FRAME_SAMPLES}[rest]`,
      '[heard][rest]concat=n=2:v=0:a=1[sound]',
    ],
    outputs: [
      {
        options: [
          ...['-map', '[sound]', '-c:a', 'flac', '-compression_level', '0', '-frame_size', '1024'],
          ...['-map_metadata', '-1', '-strict', '-2', '-f', 'mp4'],
        ],
        path: outputPath,
      },
    ],
  };
}

/**
 * One audio rendition, cut out of the sound as it would be decoded in one pass: units join without a seam. Silence stands
 * before the track's first sample, in its gaps, and after its last one. What else is missing makes the output shorter,
 * which tells that a seek went too far, unless there is no other way to read.
 */
export function audioCommand({ track, reading, rendition, frames, outputPath }: AudioEncode): FfmpegCommand {
  const { anchorSeconds, seekSeconds, isFinal = false } = reading;
  const startSample = startSampleOf(frames);
  const endSample = (frames.first + frames.count + POSTROLL_FRAMES) * AAC_FRAME_SAMPLES;
  const anchorSample = anchorSeconds * AUDIO_SAMPLE_RATE_HZ;
  const missingSeconds = endSample / AUDIO_SAMPLE_RATE_HZ - track.stream.endMs / 1000 + TAIL_SLACK_SECONDS;
  // Filling up from 0 makes every run resample at the same phase; filters that start anew would fill up once more.
  const isFilled = seekSeconds === 0 && (startSample === 0 || !CHANGING_DEMUXERS.has(track.demuxer));
  const beginsSilent = isFinal || isFilled || track.stream.startMs / 1000 > anchorSeconds;
  const missingSamples = Math.ceil(missingSeconds * AUDIO_SAMPLE_RATE_HZ);
  return {
    ...inputOf(track, seekSeconds),
    filters: [
      [
        ...soundFilters(track, anchorSeconds),
        beginsSilent ? `${resampler(track)}:first_pts=0` : resampler(track),
        ...(isFinal ? ['apad'] : []),
        ...(!isFinal && missingSamples > 0 ? [`apad=pad_len=${missingSamples}`] : []),
        `atrim=start_pts=${startSample - anchorSample}:end_pts=${endSample - anchorSample}`,
        // Damaged sound may decode to numbers a thousand times too loud.
        'asoftclip=type=hard',
        `asetpts=PTS-${startSample - anchorSample}[${rendition.id}]`,
      ].join(','),
    ],
    outputs: [audioOutput(rendition, outputPath)],
  };
}

function audioOutput({ id, bitrateBps }: AudioRendition, path: string): FfmpegOutput {
  return {
    options: [...['-map', `[${id}]`, '-c:a', 'aac', '-b:a', String(bitrateBps), '-flags:a', '+bitexact'], ...fragmentedMp4Options()],
    path,
  };
}

function inputOf({ path, demuxer }: SoundTrack, seekSeconds: number): Pick<FfmpegCommand, 'inputOptions' | 'inputPath'> {
  return {
    inputOptions: [
      // However much of it is damaged, the rest is played.
      ...['-copyts', '-noaccurate_seek', '-threads', '1', '-max_error_rate', '1'],
      ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []),
      ...inputGuards(demuxer),
    ],
    inputPath: path,
  };
}

/** The track's samples from the anchor on, at their own rate, with time 0 at the anchor. */
function soundFilters(track: SoundTrack, anchorSeconds: number): readonly string[] {
  const { stream, originSeconds } = track;
  return [
    `[0:${stream.index}]asetpts='${placeOf(track)}-round(${originSeconds.toFixed(6)}/TB)'`,
    `atrim=start=${anchorSeconds}`,
    `asetpts=PTS-${anchorSeconds}/TB`,
    // One channel is heard on both sides at full level.
    ...(stream.channels === 1 ? ['pan=stereo|c0=c0|c1=c0'] : []),
  ];
}

/** To 48 kHz stereo with silence in gaps; centre kept, surround folded in without clipping. */
function resampler({ stream, isDerived = false }: SoundTrack): string {
  const gapSeconds = stream.frameGrid === undefined && !isDerived ? GAP_SECONDS : EXACT_GAP_SECONDS;
  return `aresample=${AUDIO_SAMPLE_RATE_HZ}:async=1:min_hard_comp=${gapSeconds}:ochl=stereo:rematrix_maxval=1:osf=fltp`;
}

/**
 * Where a decoded frame belongs, in samples of the file's clock, as an expression of `asetpts`.
 *
 * On a frame grid: at the grid point that its timestamp is nearest to, counted at its end, because decoders cut the first
 * frame's beginning off. Later frames follow their predecessor (variable 1: its end) as long as they are within three
 * quarters of a frame of it, so that a clock that drifts moves one frame, once, and not many to and fro.
 */
function placeOf({ stream, gridSeconds }: SoundTrack): string {
  if (stream.frameGrid === undefined) return 'PTS';
  const frame = `(${stream.frameGrid.samples}*SR/${stream.sampleRateHz})`;
  const start = `round(${gridSeconds.toFixed(6)}*SR)`;
  const onGrid = `${start}+round((PTS+S-${start})/${frame})*${frame}-S`;
  return `(st(0,if(eq(N,0)+gt(abs(PTS-ld(1)),0.75*${frame}),${onGrid},ld(1)));st(1,ld(0)+S);ld(0))`;
}
