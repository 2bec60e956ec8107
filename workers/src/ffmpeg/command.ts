import { DECODERS } from './codecs.ts';
import { MAX_PIXELS } from './picture-limit.ts';

/**
 * One run of ffmpeg as plain data: one local input, an optional filter graph, one file per output. What an argument
 * builder returns and `runFfmpeg` takes.
 */
export interface FfmpegCommand {
  readonly inputOptions: readonly string[];
  /** A path that we made; never a name from outside. */
  readonly inputPath: string;
  readonly filters: readonly string[];
  readonly outputs: readonly FfmpegOutput[];
  /** Copies streams of the whole input: as large as that, for which room was made. Any other output is bounded (`bin/ffmpeg`). */
  readonly isCopy?: boolean;
}

export interface FfmpegOutput {
  readonly options: readonly string[];
  readonly path: string;
}

/** QuickTime data references name other files; both are off by default, and nothing may ever turn them on. */
const MOV_GUARDS = ['-enable_drefs', '0', '-use_absolute_path', '0'] as const;

/**
 * Options that stand before every input, for ffmpeg and ffprobe alike. The demuxer is forced, so that no playlist or
 * script posing as a video is ever interpreted; files are the only protocol; and of the decoders that ffmpeg has, only
 * those of `DECODERS` run.
 */
export function inputGuards(demuxer: string): readonly string[] {
  return [
    ...['-f', demuxer, '-protocol_whitelist', 'file', '-codec_whitelist', DECODERS.join(','), '-max_pixels', String(MAX_PIXELS)],
    ...(demuxer === 'mov' ? MOV_GUARDS : []),
  ];
}

/** `file:` keeps ffmpeg from reading options, protocols or patterns into a path. */
export const fileUrl = (path: string): string => `file:${path}`;
