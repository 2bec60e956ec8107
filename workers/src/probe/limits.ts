import { AppError } from '@mediaflow/shared/errors';
import { parseRational, toNumber } from '@mediaflow/shared/rational';
import type { Source } from '@mediaflow/shared/source';
import { isPlayableCodec } from '../ffmpeg/codecs.ts';
import { MAX_PIXELS, MAX_SIDE_PIXELS, tooLarge } from '../ffmpeg/picture-limit.ts';
import { findStreams, type Probe } from './parse.ts';

/** What is taken; published in `docs/formats.md`. */
export const LIMITS = {
  pixels: MAX_PIXELS,
  sidePixels: MAX_SIDE_PIXELS,
  durationHours: 12,
  /** On average; up to it, what is above 60 is brought down to that. */
  framesPerSecond: 1000,
  streams: 64,
} as const;

/** Refuses by the streams' headers what would only be found out while decoding. @throws AppError `limit_*`, `unsupported_codec` */
export function checkStreams(probe: Probe): void {
  if (probe.streams.length > LIMITS.streams)
    throw new AppError('limit_streams', `The file has ${probe.streams.length} streams; at most ${LIMITS.streams} are allowed.`);
  const { video, audio, unknown } = findStreams(probe);
  if (video === undefined && unknown.some(({ codec_type }) => codec_type === 'video'))
    throw new AppError('unsupported_codec', 'The picture is in a codec that is not supported.');
  const exotic = [video, ...audio].find((stream) => stream?.codec_name !== undefined && !isPlayableCodec(stream.codec_name));
  if (exotic !== undefined) throw new AppError('unsupported_codec', `The codec ${exotic.codec_name} is not supported.`);
  checkSize(video?.width ?? 0, video?.height ?? 0);
  const average = parseRational(video?.avg_frame_rate);
  if (average !== undefined && toNumber(average) > LIMITS.framesPerSecond)
    throw new AppError(
      'limit_fps',
      `The video has ${Math.round(toNumber(average))} pictures a second; at most ${LIMITS.framesPerSecond} are allowed.`,
    );
}

/**
 * The same for what is known once ends are measured and the picture is upright: a container's own length counts every
 * stream, and one broken subtitle makes it a thousand hours.
 *
 * @throws AppError `limit_pixels`, `limit_duration`
 */
export function checkSource({ video, durationMs }: Source): void {
  if (video !== undefined) checkSize(video.width, video.height);
  checkDuration(durationMs / 1000);
}

function checkSize(width: number, height: number): void {
  if (width * height > LIMITS.pixels || Math.max(width, height) > LIMITS.sidePixels) throw tooLarge(width, height);
}

function checkDuration(seconds: number): void {
  if (seconds <= LIMITS.durationHours * 3600) return;
  throw new AppError(
    'limit_duration',
    `The file is ${Math.round(seconds / 3600)} hours long; at most ${LIMITS.durationHours} hours are allowed.`,
  );
}
