import { AppError } from '@mediaflow/shared/errors';
import { parseRational, type Rational, toNumber } from '@mediaflow/shared/rational';
import type { AudioStream, Source, VideoStream } from '@mediaflow/shared/source';
import { z } from 'zod';
import { chooseFrameRate } from './frame-rate.ts';

/** ffprobe writes `N/A` where it knows nothing. */
const number = z.preprocess((value) => (value === 'N/A' ? undefined : value), z.coerce.number().optional().catch(undefined));
const text = z.string().optional().catch(undefined);

const streamSchema = z.object({
  index: z.coerce.number().int().nonnegative(),
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
  color_transfer: text,
  rotation: number,
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

/** Streams that can be played: cover art is no film, and a codec without a name has no decoder. */
export function findStreams({ streams }: Probe): { readonly video: Stream | undefined; readonly audio: readonly Stream[] } {
  const known = streams.filter(({ codec_name }) => codec_name !== undefined && codec_name !== 'unknown' && codec_name !== 'none');
  const video = known.find((stream) => stream.codec_type === 'video' && !isAttachedPicture(stream) && (stream.width ?? 0) > 0);
  const audio = known.filter((stream) => stream.codec_type === 'audio' && (stream.channels ?? 0) > 0 && (stream.sample_rate ?? 0) > 0);
  return { video, audio };
}

const isAttachedPicture = ({ disposition }: Stream): boolean => Number(disposition?.attached_pic ?? 0) === 1;

/** Formats without a stated duration, where ffprobe guesses from the bit rate. */
const GUESSING_DEMUXERS: ReadonlySet<string> = new Set(['mp3', 'aac', 'ac3', 'amr']);

/** Indices of streams whose end only reading the whole file can tell (live recordings, raw audio). */
export function findUnmeasured(probe: Probe, demuxer: string): readonly number[] {
  const { video, audio } = findStreams(probe);
  const isUnmeasured = (stream: Stream): boolean => GUESSING_DEMUXERS.has(demuxer) || statedEndSeconds(stream, probe) === undefined;
  return [...(video === undefined ? [] : [video]), ...audio].filter(isUnmeasured).map(({ index }) => index);
}

export interface SourceFacts {
  readonly demuxer: string;
  readonly sizeBytes: number;
  /** Ends found by reading, in seconds from the container's start, by stream index. */
  readonly measuredEnds: ReadonlyMap<number, number>;
}

/** @throws AppError `no_streams` when there is nothing to see and nothing to hear */
export function toSource(probe: Probe, { demuxer, sizeBytes, measuredEnds }: SourceFacts): Source {
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
  const video = found.video === undefined ? undefined : toVideoStream(found.video, spanOf(found.video));
  const audio = found.audio.map((stream) => toAudioStream(stream, spanOf(stream), demuxer)).filter(({ endMs }) => endMs > 0);
  if (video === undefined && audio.length === 0)
    throw new AppError('no_streams', 'The file contains neither a picture nor sound that can be played.');
  return {
    demuxer,
    sizeBytes,
    startMs: toMs(originSeconds),
    durationMs: Math.max(video?.endMs ?? 0, ...audio.map(({ endMs }) => endMs)),
    ...(video !== undefined && { video }),
    audio,
  };
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The timestamp that becomes 0: the container's start. Where that is an audio encoder's priming, less than a frame
 * before the first picture, it is the picture's, so that the asset does not begin with a doubled one.
 */
function chooseOrigin(video: Stream | undefined, containerSeconds: number): number {
  if (video?.start_time === undefined) return containerSeconds;
  const frameSeconds = 1 / toNumber(frameRateOf(video));
  return video.start_time - containerSeconds < frameSeconds ? video.start_time : containerSeconds;
}

const isInterlaced = ({ field_order }: Stream): boolean => ['tt', 'bb', 'tb', 'bt'].includes(field_order ?? '');

function frameRateOf(stream: Stream): Rational {
  return chooseFrameRate(parseRational(stream.r_frame_rate), parseRational(stream.avg_frame_rate), isInterlaced(stream));
}

function toVideoStream(stream: Stream, { startMs, endMs }: Span): VideoStream {
  const frameRate = frameRateOf(stream);
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    ...displaySize(stream),
    frameRate,
    startMs,
    // A lone picture often has no duration of its own.
    endMs: Math.max(endMs, startMs + 1000 / toNumber(frameRate)),
    pixelFormat: stream.pix_fmt ?? '',
    isInterlaced: isInterlaced(stream),
    isHdr: stream.color_transfer === 'smpte2084' || stream.color_transfer === 'arib-std-b67',
  };
}

function toAudioStream(stream: Stream, span: Span, demuxer: string): AudioStream {
  const language = parseLanguage(stream.tags?.language);
  const sampleRateHz = stream.sample_rate ?? 0;
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    channels: stream.channels ?? 0,
    sampleRateHz,
    ...span,
    isSeekExact: SAMPLE_INDEXED_DEMUXERS.has(demuxer) && isSampleExact(stream.time_base, sampleRateHz),
    ...(language !== undefined && { language }),
  };
}

/** Formats that find any sample's position without decoding what precedes it. */
const SAMPLE_INDEXED_DEMUXERS: ReadonlySet<string> = new Set(['mov', 'wav']);

/** True for `1/48000` at 48 kHz; false for a clock of milliseconds, which names a sample only roughly. */
function isSampleExact(timeBase: string | undefined, sampleRateHz: number): boolean {
  const base = parseRational(timeBase);
  return base !== undefined && base.num === 1 && base.den % sampleRateHz === 0;
}

/** Upright and in square pixels. */
function displaySize(stream: Stream): { width: number; height: number } {
  const aspect = parseRational(stream.sample_aspect_ratio?.replace(':', '/'));
  const width = Math.max(1, Math.round((stream.width ?? 1) * (aspect === undefined ? 1 : toNumber(aspect))));
  const height = stream.height ?? 1;
  return Math.abs(stream.rotation ?? 0) % 180 === 90 ? { width: height, height: width } : { width, height };
}

/** From the container's start. Where a stream says nothing, the container may; Matroska counts both from its clock's zero. */
function statedEndSeconds(stream: Stream, { format }: Probe): number | undefined {
  const containerSeconds = format.start_time ?? 0;
  if (stream.duration !== undefined) return (stream.start_time ?? containerSeconds) - containerSeconds + stream.duration;
  const clockSeconds = parseClock(stream.tags?.DURATION) ?? (format.format_name?.startsWith('matroska') ? format.duration : undefined);
  return clockSeconds === undefined ? format.duration : clockSeconds - containerSeconds;
}

/** `00:01:02.500000000` to 62.5. */
function parseClock(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value) : null;
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

/** ISO 639-2 as containers write it (`eng`) to BCP 47 (`en`); undefined for `und` and for noise. */
function parseLanguage(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === 'und') return undefined;
  try {
    return Intl.getCanonicalLocales(value)[0];
  } catch {
    return undefined;
  }
}

/** Microsecond precision, as ffprobe prints it. */
const toMs = (seconds: number): number => Math.round(seconds * 1_000_000) / 1000;
