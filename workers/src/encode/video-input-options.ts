import type { Source } from '@mediaflow/shared/source';
import { inputGuards } from '../ffmpeg/command.ts';

export interface VideoReading {
  /** Where to begin, as `videoSeeks` gives it: a timestamp of the source in seconds, absent for its beginning. */
  readonly seekSeconds: number | undefined;
  /** Of the decoder. */
  readonly threads: number;
}

/**
 * Formats of broadcasts, calls and streams, whose pictures change their size on the way. So do those of a shared window that a browser records
 * as MP4; but there pictures may be turned, and a filter that turns takes the size of the first one for that of all.
 */
const RESIZING_DEMUXERS: ReadonlySet<string> = new Set(['mpegts', 'mpeg', 'matroska', 'flv']);

/**
 * Where it takes the times of an index for those of decoding, ffmpeg begins this much earlier when pictures are stored in another order than they
 * are shown (`dts_heuristic`, 3/23 s): at the keyframe before, where one stands just there. Matroska's are those of showing.
 */
const EARLY_SECONDS = 0.130434;
const EARLY_DEMUXERS: ReadonlySet<string> = new Set(['matroska']);

/**
 * Options before the input whose pictures are put on the grid. Timestamps stay the source's own, and nothing is cut at the
 * seek point: a picture between the keyframe and the window may be the one that is still on screen when the window begins.
 */
export function videoInputOptions({ demuxer, video }: Source, { seekSeconds, threads }: VideoReading): readonly string[] {
  const earlySeconds = EARLY_DEMUXERS.has(demuxer) && video?.isReordered ? EARLY_SECONDS : 0;
  return [
    ...['-copyts', '-noaccurate_seek', '-threads', String(threads)],
    ...(seekSeconds === undefined ? [] : ['-seek_timestamp', '1', '-ss', (seekSeconds + earlySeconds).toFixed(6)]),
    // Filters that ffmpeg starts anew would count from the window's start again; the scalers take any size.
    ...(RESIZING_DEMUXERS.has(demuxer) || video?.isUpright ? ['-reinit_filter', '0'] : []),
    ...(video?.isRotationIgnored ? ['-noautorotate'] : []),
    ...inputGuards(demuxer),
  ];
}
