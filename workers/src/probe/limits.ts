import { AppError } from '@mediaflow/shared/errors';
import { MAX_PIXELS } from '../ffmpeg/command.ts';
import { findStreams, type Probe } from './parse.ts';

const MAX_STREAMS = 64;
const MAX_DURATION_SECONDS = 12 * 3600;

/** Refuses what would only be found out after hours or gigabytes, from headers alone. @throws AppError `limit_*`, `unsupported_codec` */
export function checkLimits(probe: Probe): void {
  if (probe.streams.length > MAX_STREAMS)
    throw new AppError('limit_streams', `The file has ${probe.streams.length} streams; at most ${MAX_STREAMS} are allowed.`);
  const { video, audio } = findStreams(probe);
  if ((video?.width ?? 0) * (video?.height ?? 0) > MAX_PIXELS)
    throw new AppError('limit_pixels', `The picture of ${video?.width} x ${video?.height} is too large; 8192 x 4352 is the most.`);
  if ([video, ...audio].some((stream) => stream?.codec_tag_string === 'encv' || stream?.codec_tag_string === 'enca'))
    throw new AppError('unsupported_codec', 'The file is encrypted (DRM) and cannot be played.');
  checkDuration(probe.format.duration ?? 0);
}

/** @throws AppError `limit_duration` */
export function checkDuration(seconds: number): void {
  if (seconds > MAX_DURATION_SECONDS)
    throw new AppError('limit_duration', `The file is ${Math.round(seconds / 3600)} hours long; at most 12 hours are allowed.`);
}
