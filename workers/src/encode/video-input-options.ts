import type { Source } from '@mediaflow/shared/source';
import { inputGuards } from '../ffmpeg/command.ts';

export interface VideoReading {
  /** Where to begin, as `videoSeeks` gives it: a timestamp of the source in seconds, absent for its beginning. */
  readonly seekSeconds: number | undefined;
  /** Of the decoder. */
  readonly threads: number;
}

/**
 * Formats of broadcasts, calls and streams, whose pictures change their size on the way. Files of MP4 hardly do, and turn
 * them: a filter that turns takes the size of the first picture for that of all.
 */
const RESIZING_DEMUXERS: ReadonlySet<string> = new Set(['mpegts', 'mpeg', 'matroska', 'flv']);

/**
 * Options before the input whose pictures are put on the grid. Timestamps stay the source's own, and nothing is cut at the
 * seek point: a picture between the keyframe and the window may be the one that is still on screen when the window begins.
 */
export function videoInputOptions({ demuxer, video }: Source, { seekSeconds, threads }: VideoReading): readonly string[] {
  return [
    ...['-copyts', '-noaccurate_seek', '-threads', String(threads)],
    ...(seekSeconds === undefined ? [] : ['-seek_timestamp', '1', '-ss', seekSeconds.toFixed(6)]),
    // Filters that ffmpeg starts anew would count from the window's start again; the scalers take any size.
    ...(RESIZING_DEMUXERS.has(demuxer) ? ['-reinit_filter', '0'] : []),
    ...(video?.isRotationIgnored ? ['-noautorotate'] : []),
    ...inputGuards(demuxer),
  ];
}
