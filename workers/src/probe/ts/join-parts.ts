import { AppError } from '@mediaflow/shared/errors';
import type { Warning } from '@mediaflow/shared/source';
import { isEncodeFailure } from '../../ffmpeg/ffmpeg-error.ts';
import { runFfprobe } from '../../ffmpeg/run-ffprobe.ts';
import { deriveContinuous } from '../../source/continuous-copy.ts';
import type { Derive } from '../../source/staging.ts';
import type { Findings } from '../findings.ts';
import { findStreams, type Probe, parseProbe } from '../parse.ts';
import { toTextTracks } from '../streams/text-stream.ts';

/** Of the whole length: the program's clock is exact, and tells when pictures arrive, not when they are shown. */
const LENGTH_TOLERANCE = 0.02;

export interface Readable {
  readonly path: string;
  readonly probe: Probe;
  readonly warnings: readonly Warning[];
  /** Of the upload, when this is a continuous copy of them. */
  readonly streams?: readonly number[];
}

/** The file itself; where its clock jumps, a copy without the jumps, if one can be made. */
export async function joinParts(
  path: string,
  demuxer: string,
  { probe, joinedSeconds, warnings }: Findings,
  options: { readonly derive: Derive; readonly signal: AbortSignal },
): Promise<Readable> {
  if (joinedSeconds === undefined) return { path, probe, warnings };
  const { video, audio } = findStreams(probe);
  const kept = [...(video === undefined ? [] : [video]), ...audio];
  const streams = kept.map(({ index }) => index);
  try {
    const copyPath = await deriveContinuous(path, demuxer, streams, options);
    const copied = parseProbe(await runFfprobe(copyPath, demuxer));
    if (isLong(copied, joinedSeconds) && hasCodecs(copied, kept))
      return { path: copyPath, probe: copied, streams, warnings: [JOINED, ...warnings, ...toTextTracks(probe.streams).warnings] };
  } catch (error) {
    // A copy that cannot be read says nothing of the upload.
    if (!isEncodeFailure(error) && !isUnreadable(error)) throw error;
  }
  return { path, probe, warnings: [NOT_JOINED, ...warnings] };
}

const isUnreadable = (error: unknown): boolean => error instanceof AppError && error.code === 'not_media';

/** ffmpeg may take late packets of the one recording for a jump of the next. */
const isLong = ({ format }: Probe, seconds: number): boolean =>
  Math.abs((format.duration ?? 0) - seconds) <= Math.max(1, LENGTH_TOLERANCE * seconds);

/** ffmpeg writes codecs for which it knows no number, as Blu-ray's PCM, so that nobody can read them. */
const hasCodecs = (copied: Probe, kept: Probe['streams']): boolean =>
  kept.every(({ codec_name }, index) => copied.streams[index]?.codec_name === codec_name);

const JOINED: Warning = {
  type: 'joined',
  message: 'The file consists of several recordings, or its clock jumps: its parts are played one after the other.',
};

const NOT_JOINED: Warning = {
  type: 'joined',
  message:
    'The file consists of several recordings, or its clock jumps, and its parts could not be joined: only what comes before the first jump is certain to be played.',
};
