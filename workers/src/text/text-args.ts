import type { TextStream } from '@mediaflow/shared/source';
import { type FfmpegCommand, inputGuards } from '../ffmpeg/command.ts';

/** More than any honest subtitle track: a long film has a tenth of a megabyte. */
const MAX_TEXT_BYTES = 16_000_000;

/**
 * One subtitle track as a WebVTT file on the source's own clock. Styling that WebVTT lacks is dropped by ffmpeg's
 * conversion; fonts attached to the file are streams of their own and never mapped, so never opened.
 */
export function textCommand(stream: TextStream, demuxer: string, inputPath: string, outputPath: string): FfmpegCommand {
  // WebVTT goes through as it is: decoding would lose the cues' settings.
  const codec = stream.codec === 'webvtt' ? 'copy' : 'webvtt';
  return {
    inputOptions: ['-copyts', ...inputGuards(demuxer)],
    inputPath,
    filters: [],
    outputs: [{ options: ['-map', `0:${stream.index}`, '-c:s', codec, '-fs', String(MAX_TEXT_BYTES), '-f', 'webvtt'], path: outputPath }],
  };
}
