import type { Warning } from '@mediaflow/shared/source';
import type { ReadAt } from './declared-size.ts';
import { findStreams, type Probe } from './parse.ts';
import { surveyTs } from './ts-clock.ts';
import { findStride, readPackets } from './ts-packets.ts';
import { findPrograms, isMediaType, type TsProgram } from './ts-programs.ts';

/** Tables come every half second at the latest (ETSI TR 101 290): enough at 30 Mbit/s. */
const HEAD_BYTES = 2_000_000;

export interface TsFindings {
  /** Without the streams of other programs. */
  readonly probe: Probe;
  /** Of several recordings in one file, whose clock jumps: about how long they are in all. Only a copy of it can be continuous. */
  readonly joinedSeconds?: number;
  readonly warnings: readonly Warning[];
}

/** What ffprobe does not say of a transport stream, from a few dozen places whatever its length. */
export async function examineTs(probe: Probe, readAt: ReadAt, sizeBytes: number): Promise<TsFindings> {
  const head = await readAt(0, HEAD_BYTES);
  const stride = findStride(head);
  if (stride === undefined) return { probe, warnings: [] };
  const programs = findPrograms(readPackets(head, stride));
  const [mainPid = Number.NaN] = keptPids(probe);
  const program = programs.find(({ streams }) => streams.has(mainPid));
  if (program === undefined) return { probe, warnings: [] };
  const { joinedSeconds, programs: places } = await surveyTs(readAt, sizeBytes, stride, program.clockPid);
  const told = places.flat();
  const later = told.filter(({ streams }) => streams.has(mainPid));
  const chosen = keepProgram(probe, [program, ...later], [...programs, ...told]);
  return {
    probe: chosen,
    ...(joinedSeconds !== undefined && { joinedSeconds }),
    warnings: [
      ...(chosen.streams.length < probe.streams.length && programs.length > 1 ? [leftOut(programs.length)] : []),
      ...(places.some((place) => areOthers(programs, place)) ? [ENDED] : []),
      ...(later.some((version) => hasUnknown(probe, program, version)) ? [BEGINS_LATE] : []),
      ...later.flatMap((version) => changedFormat(program, version, keptPids(chosen), findStreams(chosen).video)).slice(0, 1),
    ],
  };
}

const pidOf = ({ id }: { readonly id?: string | undefined }): number => Number(id ?? Number.NaN);

/** That of the picture first; without one, of the first sound. */
const keptPids = (probe: Probe): readonly number[] => {
  const { video, audio } = findStreams(probe);
  return [...(video === undefined ? [] : [video]), ...audio].map(pidOf);
};

const have = (programs: readonly TsProgram[], pid: number): boolean => programs.some(({ streams }) => streams.has(pid));

/**
 * Another program is another film: its sound is no second track of this one, and its clock is another.
 *
 * @param versions of the program's table: what begins later is in a later one
 * @param all the tables of all programs
 */
function keepProgram(probe: Probe, versions: readonly TsProgram[], all: readonly TsProgram[]): Probe {
  const streams = probe.streams
    .map((stream) => ({ stream, pid: pidOf(stream) }))
    .filter(({ pid }) => have(versions, pid) || !have(all, pid));
  if (streams.length === probe.streams.length) return probe;
  const starts = streams.flatMap(({ stream }) => stream.start_time ?? []);
  return {
    ...probe,
    streams: streams.map(({ stream }) => stream),
    format: { ...probe.format, ...(starts.length > 0 && { start_time: Math.min(...starts) }) },
  };
}

const leftOut = (count: number): Warning => ({
  type: 'programs_dropped',
  message: `The file holds ${count} programs; the first that can be played is kept, and the others are left out.`,
});

/** A short place of a stream of many programs need not tell the chosen one's table. */
const areOthers = (programs: readonly TsProgram[], place: readonly TsProgram[]): boolean =>
  place.every(({ streams }) => ![...streams.keys()].some((pid) => have(programs, pid)));

/** ffmpeg takes streams under other PIDs for others, and keeps the last picture of the former ones until the file ends. */
const ENDED: Warning = {
  type: 'joined',
  message: 'The file goes on with other streams than it begins with, as where recordings are joined: what they hold is left out.',
};

/** ffprobe knows the codecs of the first seconds; of what it comes across at the end, for the length, no more than that it is there. */
const hasUnknown = (probe: Probe, program: TsProgram, version: TsProgram): boolean =>
  [...version.streams].some(
    ([pid, type]) =>
      isMediaType(type) && !program.streams.has(pid) && !probe.streams.some((stream) => pidOf(stream) === pid && isKnown(stream)),
  );

const isKnown = ({ codec_type, channels = 0, width = 0 }: Probe['streams'][number]): boolean =>
  codec_type === 'audio' ? channels > 0 : codec_type !== 'video' || width > 0;

const BEGINS_LATE: Warning = {
  type: 'tracks_dropped',
  message: 'The file has further tracks from some place on; they are left out, because its beginning does not tell of them.',
};

/** A decoder is opened once; of another codec it understands nothing. */
function changedFormat(
  program: TsProgram,
  later: TsProgram,
  kept: readonly number[],
  video: { readonly id?: string | undefined } | undefined,
): readonly Warning[] {
  const hasChanged = (pid: number): boolean => {
    const [before, after] = [program, later].map(({ streams }) => streams.get(pid));
    return before !== undefined && after !== undefined && before !== after;
  };
  if (!kept.some(hasChanged)) return [];
  const isPicture = video !== undefined && hasChanged(pidOf(video));
  const what = isPicture ? 'The picture' : 'The sound';
  const effect = isPicture ? 'stands still' : 'is silent';
  return [{ type: 'format_changed', message: `${what} is in another codec from some place on, and ${effect} there.` }];
}
