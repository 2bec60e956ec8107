import { parseRational, toNumber } from '@mediaflow/shared/rational';
import type { VideoStream } from '@mediaflow/shared/source';
import { firstFrameOf } from '../../encode/grid.ts';
import { areEven } from '../frame-grid.ts';
import { findCrowds } from './crowds.ts';
import { chooseFrameRate, type GridRate } from './frame-rate.ts';
import { colourOf, type ProbedColour } from './video-colour.ts';

/** A picture track as ffprobe describes it. */
export interface ProbedVideo extends ProbedColour {
  readonly index: number;
  readonly codec_name?: string | undefined;
  readonly codec_tag_string?: string | undefined;
  readonly sample_aspect_ratio?: string | undefined;
  readonly r_frame_rate?: string | undefined;
  readonly avg_frame_rate?: string | undefined;
  readonly field_order?: string | undefined;
  readonly has_b_frames?: number | undefined;
  readonly start_time?: number | undefined;
  readonly side_data_list?: readonly { readonly rotation?: number | undefined }[] | undefined;
}

/**
 * @param span when its first picture is shown and its last one ends, in milliseconds of the source's timeline
 * @param pictureSeconds as `Findings` has it
 */
export function toVideoStream(
  stream: ProbedVideo,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  demuxer: string,
  pictureSeconds?: readonly number[],
): VideoStream {
  const gridRate = gridRateOf(stream, pictureSeconds);
  const crowds = pictureSeconds && findCrowds(pictureSeconds, gridRate.frameRate, firstFrameOf(startMs, gridRate.frameRate));
  const isUneven =
    gridRate.decimation === undefined &&
    mayBeUneven(stream, demuxer) &&
    !areEven(
      pictureSeconds?.map((seconds) => seconds * 1000),
      gridRate,
    );
  const delayMs = decoderDelayMs(stream, demuxer);
  const isHdr = stream.color_transfer === 'smpte2084' || stream.color_transfer === 'arib-std-b67';
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    ...displaySize(stream),
    ...gridRate,
    ...(isUneven && { isUneven, ...(crowds && { crowds }) }),
    ...(delayMs > 0 && { delayMs }),
    ...((stream.has_b_frames ?? 0) > 0 && { isReordered: true }),
    startMs,
    // A lone picture often has no duration of its own.
    endMs: Math.max(endMs, startMs + 1000 / toNumber(gridRate.frameRate)),
    pixelFormat: stream.pix_fmt ?? '',
    isInterlaced: isInterlaced(stream),
    isHdr,
    colour: colourOf(stream, { isHdr }),
    // A matrix that only mirrors from top to bottom counts as a rotation by 0.
    ...(rotationOf(stream) === undefined && { isUpright: true }),
    ...(quarterTurns(stream) === undefined && { isRotationIgnored: true }),
  };
}

export const gridRateOf = (stream: ProbedVideo, pictureSeconds?: readonly number[]): GridRate =>
  chooseFrameRate({
    real: parseRational(stream.r_frame_rate),
    average: parseRational(stream.avg_frame_rate),
    isInterlaced: isInterlaced(stream),
    pictureSeconds,
  });

/** AVI has nothing but a rate, and the average of an MP4 is exact. Others state a rate whose pictures may come at other times. */
export const mayBeUneven = ({ r_frame_rate, avg_frame_rate }: ProbedVideo, demuxer: string): boolean =>
  demuxer !== 'avi' && !(demuxer === 'mov' && r_frame_rate === avg_frame_rate);

const isInterlaced = ({ field_order }: ProbedVideo): boolean => ['tt', 'bb', 'tb', 'bt'].includes(field_order ?? '');

/**
 * AVI says when a picture is decoded and not when it is shown. ffmpeg takes the one for the other, so that pictures come
 * late by as many as the decoder holds back to put B-frames in order.
 */
function decoderDelayMs(stream: ProbedVideo, demuxer: string): number {
  const rate = parseRational(stream.r_frame_rate);
  const isDelayed = demuxer === 'avi' || (demuxer === 'matroska' && isOfAvi(stream));
  return isDelayed && rate !== undefined ? ((stream.has_b_frames ?? 0) * 1000) / toNumber(rate) : 0;
}

/** A track that came from an AVI as it was (`V_MS/VFW/FOURCC`) has the only codec tag in a Matroska, and its first picture no time to be shown. */
const isOfAvi = ({ codec_tag_string, start_time }: ProbedVideo): boolean =>
  codec_tag_string !== undefined && !codec_tag_string.startsWith('[0]') && start_time === undefined;

/** Upright and in square pixels. */
function displaySize(stream: ProbedVideo): { width: number; height: number } {
  const aspect = parseRational(stream.sample_aspect_ratio?.replace(':', '/'));
  const width = Math.max(1, Math.round((stream.width ?? 1) * (aspect === undefined ? 1 : toNumber(aspect))));
  const height = stream.height ?? 1;
  return Math.abs(quarterTurns(stream) ?? 0) % 2 === 1 ? { width: height, height: width } : { width, height };
}

/** Undefined for an angle in between, which no camera means: such a picture is shown as it is stored. */
function quarterTurns(stream: ProbedVideo): number | undefined {
  const rotation = rotationOf(stream) ?? 0;
  const turns = Math.round(rotation / 90);
  // ffmpeg turns by a quarter within a degree of one, and ffprobe cuts fractions off.
  return Math.abs(rotation - turns * 90) <= 1 ? turns : undefined;
}

const rotationOf = ({ side_data_list: sideData = [] }: ProbedVideo): number | undefined =>
  sideData.find(({ rotation }) => rotation !== undefined)?.rotation;
