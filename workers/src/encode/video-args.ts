import type { VideoRendition } from '@mediaflow/shared/ladder';
import { stringifyRational, toNumber } from '@mediaflow/shared/rational';
import type { Source, VideoStream } from '@mediaflow/shared/source';
import { type Timeline, videoTimescale } from '@mediaflow/shared/timeline';
import { type FfmpegCommand, type FfmpegOutput, inputGuards } from '../ffmpeg/command.ts';
import { type FrameRange, gridOf } from './grid.ts';

export interface VideoEncode {
  readonly source: Source;
  readonly timeline: Timeline;
  /** From largest to smallest: each is scaled from the one before it. */
  readonly renditions: readonly VideoRendition[];
  readonly frames: FrameRange;
  /** Of the decoder and of each encoder. The output's bytes depend on it, so it never follows from the machine. */
  readonly threads: number;
  /** Where to begin reading, in seconds from the container's start; 0 for the beginning. */
  readonly seekSeconds: number;
  readonly inputPath: string;
  readonly outputPathOf: (rendition: VideoRendition) => string;
}

/** A picture track may end this much before its stated end, and its last picture is held; more is a damaged source. */
const TAIL_SLACK_SECONDS = 1;

/** One decode, every rendition: fragmented MP4 files of exactly `frames.count` pictures each, if the source has them. */
export function videoCommand(encode: VideoEncode): FfmpegCommand {
  const { source, renditions, seekSeconds, threads } = encode;
  if (source.video === undefined) throw new TypeError('the source has no video stream');
  return {
    // Timestamps stay the source's own, and nothing is cut at the seek point: a picture between the keyframe and the
    // window may be the one that is still on screen when the window begins.
    inputOptions: [
      ...['-copyts', '-noaccurate_seek', '-threads', String(threads)],
      ...(seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : []),
      ...inputGuards(source.demuxer),
    ],
    inputPath: encode.inputPath,
    filters: filterChains(encode, source.video),
    outputs: renditions.map((rendition) => videoOutput(encode, rendition)),
  };
}

/** The source's pictures on the grid: frames `first` to `first + count - 1`, with their grid index as timestamp. */
function sampleFilters({ source, timeline, frames, seekSeconds }: VideoEncode, video: VideoStream): readonly string[] {
  const rate = stringifyRational(timeline.frameRate);
  const { originSeconds, endFrame } = gridOf(source, timeline);
  const end = frames.first + frames.count;
  const slackFrames = Math.ceil(TAIL_SLACK_SECONDS * toNumber(timeline.frameRate));
  const heldFrames = Math.max(0, end - endFrame + slackFrames);
  return [
    ...(video.isInterlaced ? ['bwdif=mode=send_frame'] : []),
    // Every picture goes to its nearest grid point by its own timestamp alone, so that all units agree. Rounding lies a
    // thousandth of a frame off the middle, where the noise of coarse timestamps cannot tip it.
    'settb=AVTB',
    `setpts='round(floor((T-(${originSeconds.toFixed(6)}))*${rate}+0.501)/(${rate})/TB)'`,
    `settb=${timeline.frameRate.den}/${timeline.frameRate.num}`,
    // Doubles and drops. From the file's beginning the first picture also stands for what is missing before it; after a
    // seek that would hide a seek that went too far, so there the count comes out short instead.
    seekSeconds > 0 ? `fps=${rate}` : `fps=${rate}:start_time=${(frames.first / toNumber(timeline.frameRate)).toFixed(6)}`,
    ...(heldFrames > 0 ? [`tpad=stop_mode=clone:stop=${heldFrames}`] : []),
    `trim=start_pts=${frames.first}:end_pts=${end}`,
  ];
}

/** HDR to BT.709; hable keeps highlights without darkening skin. */
export const TONE_MAP =
  'zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=primaries=bt709,tonemap=hable:desat=0,zscale=transfer=bt709:matrix=bt709:range=tv';

/** Scalers, each fed by the one above it: 2 to 4 % less work than scaling every rendition from the source. */
function filterChains(encode: VideoEncode, video: VideoStream): readonly string[] {
  const last = encode.renditions.length - 1;
  return encode.renditions.map(({ id, width, height }, index) => {
    const filters = [
      ...(index === 0 ? sampleFilters(encode, video) : []),
      `scale=${width}:${height}`,
      ...(index === 0 && video.isHdr ? [TONE_MAP] : []),
      'setsar=1',
      'format=yuv420p',
      ...(index < last ? ['split'] : []),
    ];
    const from = index === 0 ? `[0:${video.index}]` : `[below${index}]`;
    const to = index < last ? `[${id}][below${index + 1}]` : `[${id}]`;
    return `${from}${filters.join(',')}${to}`;
  });
}

function videoOutput({ timeline, threads, outputPathOf }: VideoEncode, rendition: VideoRendition): FfmpegOutput {
  return {
    options: [
      ...['-map', `[${rendition.id}]`, '-fps_mode', 'passthrough'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-level:v', rendition.level],
      ...['-crf', String(rendition.crf), '-maxrate', String(rendition.maxBitrateBps), '-bufsize', String(rendition.bufferBits)],
      // One closed group of pictures is one segment, whatever the content.
      ...['-g', String(timeline.framesPerSegment), '-keyint_min', String(timeline.framesPerSegment), '-sc_threshold', '0'],
      // stitchable: parameter sets that do not depend on the content. vbv-init: every unit starts with a buffer that is
      // not full, or 8 s units would cost 2.5 % more bits than one encode of the whole film.
      ...['-x264-params', 'open-gop=0:stitchable=1:vbv-init=0.6', '-threads', String(threads)],
      // x264 writes its version and options into an SEI; without it a unit done twice is the same bytes.
      ...['-flags:v', '+bitexact', '-bsf:v', 'filter_units=remove_types=6'],
      ...['-video_track_timescale', String(videoTimescale(timeline.frameRate).timescale)],
      ...fragmentedMp4Options(),
    ],
    path: outputPathOf(rendition),
  };
}

/** The container that `package/` reads: plain to parse, and nothing in it that differs between two runs. */
export function fragmentedMp4Options(): readonly string[] {
  return ['-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-f', 'mp4'];
}
