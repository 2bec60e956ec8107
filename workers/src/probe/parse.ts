import { AppError } from '@mediaflow/shared/errors';
import { toNumber } from '@mediaflow/shared/rational';
import type { Source, Warning } from '@mediaflow/shared/source';
import { z } from 'zod';
import { toAudioTracks } from './streams/audio-stream.ts';
import { toTextTracks } from './streams/text-stream.ts';
import { hasDisposition } from './streams/track-tags.ts';
import { gridRateOf, toVideoStream } from './streams/video-stream.ts';

/** ffprobe writes `N/A` where it knows nothing. */
const number = z.preprocess((value) => (value === 'N/A' ? undefined : value), z.coerce.number().optional().catch(undefined));
const text = z.string().optional().catch(undefined);

/** Where ffprobe has the angle by which pictures are to be turned, among what else is said beside a stream. */
const sideDataSchema = z
  .array(z.object({ rotation: number }))
  .optional()
  .catch(undefined);

const streamSchema = z.object({
  index: z.coerce.number().int().nonnegative(),
  /** Of transport streams the PID, of MP4 the track's id. */
  id: text,
  codec_type: text,
  codec_name: text,
  codec_tag_string: text,
  width: number,
  height: number,
  sample_aspect_ratio: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  time_base: text,
  start_time: number,
  duration: number,
  pix_fmt: text,
  field_order: text,
  has_b_frames: number,
  color_range: text,
  color_space: text,
  color_primaries: text,
  color_transfer: text,
  side_data_list: sideDataSchema,
  channels: number,
  sample_rate: number,
  tags: z.record(z.string(), z.unknown()).optional().catch(undefined),
  disposition: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Stream = z.infer<typeof streamSchema>;

const probeSchema = z.object({
  format: z.object({ format_name: text, start_time: number, duration: number }),
  streams: z.array(streamSchema),
});
/** What ffprobe said, checked and typed. Times in seconds of the container's own clock. */
export type Probe = Readonly<z.infer<typeof probeSchema>>;

export function parseProbe(data: unknown): Probe {
  const parsed = probeSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new AppError('not_media', 'The file cannot be read as video or audio.', { cause: parsed.error });
}

export interface FoundStreams {
  readonly video: Stream | undefined;
  readonly audio: readonly Stream[];
  /** In a codec that ffmpeg has no name for. */
  readonly unknown: readonly Stream[];
}

/** Streams that can be played: cover art is no film, and a codec without a name has no decoder. */
export function findStreams({ streams }: Probe): FoundStreams {
  const media = streams.filter((stream) => stream.codec_type === 'audio' || (stream.codec_type === 'video' && !isAttachedPicture(stream)));
  const [unknown, known] = [media.filter(isUnknown), media.filter((stream) => !isUnknown(stream))];
  const videos = known.filter((stream) => stream.codec_type === 'video' && (stream.width ?? 0) > 0);
  return {
    // Of QuickTime a track that is not the default one is switched off: a proxy, an earlier take.
    video: videos.find((stream) => hasDisposition(stream, 'default')) ?? videos[0],
    audio: known.filter((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0 && (stream.sample_rate ?? 0) > 0),
    unknown,
  };
}

const isAttachedPicture = (stream: Stream): boolean => hasDisposition(stream, 'attached_pic');

const isUnknown = ({ codec_name }: Stream): boolean => codec_name === undefined || codec_name === 'unknown' || codec_name === 'none';

/** Formats without a stated duration, where ffprobe guesses from the bit rate. */
const GUESSING_DEMUXERS: ReadonlySet<string> = new Set(['mp3', 'aac', 'ac3', 'amr']);

export interface LengthFacts {
  readonly demuxer: string;
  readonly isCut: boolean;
  /** As `Findings` has it. */
  readonly misstated?: readonly number[] | undefined;
}

/** Indices of streams whose end only reading the whole file can tell: live recordings, raw audio, files that were cut. */
export function findUnmeasured(probe: Probe, { demuxer, isCut, misstated = [] }: LengthFacts): readonly number[] {
  const { video, audio } = findStreams(probe);
  const isUnmeasured = (stream: Stream): boolean =>
    isCut || GUESSING_DEMUXERS.has(demuxer) || misstated.includes(stream.index) || statedEndSeconds(stream, probe) === undefined;
  return [...(video === undefined ? [] : [video]), ...audio].filter(isUnmeasured).map(({ index }) => index);
}

export interface SourceFacts {
  readonly demuxer: string;
  readonly sizeBytes: number;
  /** Ends found by reading, in seconds from the container's start, by stream index. */
  readonly measuredEnds: ReadonlyMap<number, number>;
  /** As `Findings` has it. */
  readonly pictureSeconds?: readonly number[] | undefined;
  /** What is already known to be wrong with the file. */
  readonly warnings: readonly Warning[];
}

/** @throws AppError `no_streams` when there is nothing to see and nothing to hear */
export function toSource(probe: Probe, { demuxer, sizeBytes, measuredEnds, pictureSeconds, warnings }: SourceFacts): Source {
  const found = findStreams(probe);
  const containerSeconds = probe.format.start_time ?? 0;
  const originSeconds = chooseOrigin(found.video, containerSeconds);
  const spanOf = (stream: Stream): Span => {
    const endSeconds = measuredEnds.get(stream.index) ?? statedEndSeconds(stream, probe) ?? 0;
    return {
      startMs: toMs((stream.start_time ?? containerSeconds) - originSeconds),
      endMs: toMs(endSeconds + containerSeconds - originSeconds),
    };
  };
  const video = found.video && toVideoStream(found.video, spanOf(found.video), demuxer, pictureSeconds);
  const { audio, warnings: audioWarnings } = toAudioTracks(found.audio, spanOf, demuxer);
  const { text, warnings: textWarnings } = toTextTracks(probe.streams);
  if (video === undefined && audio.length === 0)
    throw new AppError('no_streams', 'The file contains neither a picture nor sound that can be played.');
  return {
    demuxer,
    sizeBytes,
    startMs: toMs(originSeconds),
    durationMs: Math.max(video?.endMs ?? 0, ...audio.map(({ endMs }) => endMs)),
    ...(video !== undefined && { video }),
    audio,
    text,
    warnings: [...warnings, ...unknownTracks(found), ...audioWarnings, ...textWarnings],
  };
}

/** An unknown picture refuses the file (`checkStreams`); sound is missed less, and often there twice. */
function unknownTracks({ unknown, audio }: FoundStreams): readonly Warning[] {
  const count = unknown.filter(({ codec_type }) => codec_type === 'audio').length;
  if (count === 0 || audio.length > 0) return [];
  return [{ type: 'audio_tracks_dropped', message: 'The sound is in a format that cannot be read and is left out.' }];
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The longest that encoders of AAC put before the first sample: 2112 samples at 44.1 kHz, and the rounding of clocks. */
const PRIMING_SECONDS = 0.05;

/**
 * The timestamp that becomes 0: the container's start. Where that is an audio encoder's priming, or less than a frame
 * before the first picture, it is the picture's, so that the asset does not begin with a doubled one.
 */
function chooseOrigin(video: Stream | undefined, containerSeconds: number): number {
  if (video?.start_time === undefined) return containerSeconds;
  const leadSeconds = Math.max(PRIMING_SECONDS, 1 / toNumber(gridRateOf(video).frameRate));
  return video.start_time - containerSeconds < leadSeconds ? video.start_time : containerSeconds;
}

/** From the container's start. Where a stream says nothing, the container may; Matroska counts both from its clock's zero. */
function statedEndSeconds(stream: Stream, { format }: Probe): number | undefined {
  const containerSeconds = format.start_time ?? 0;
  if (stream.duration !== undefined) return (stream.start_time ?? containerSeconds) - containerSeconds + stream.duration;
  const clockSeconds = parseClock(stream.tags?.DURATION) ?? (format.format_name?.startsWith('matroska') ? format.duration : undefined);
  return clockSeconds === undefined ? format.duration : clockSeconds - containerSeconds;
}

/** `00:01:02.500000000` to 62.5. */
export function parseClock(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value) : null;
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

/** Microsecond precision, as ffprobe prints it. */
const toMs = (seconds: number): number => Math.round(seconds * 1_000_000) / 1000;
