import type { Warning } from '@mediaflow/shared/source';
import { findStreams, type Probe } from '../parse.ts';
import { pidOf, pidsOf, playedPids, type TsTables } from './keep-program.ts';
import { isMediaType, type TsProgram } from './programs.ts';

/**
 * What of a transport stream is not played, by its tables.
 *
 * @param probe of all its programs
 * @param kept of the one that is played
 */
export function warnOfTs(probe: Probe, kept: Probe, { program, later, programs, places }: TsTables): readonly Warning[] {
  return [
    ...(kept.streams.length < probe.streams.length && programs.length > 1 ? [leftOut(programs.length)] : []),
    ...(places.some((place) => areOthers(programs, place)) ? [ENDED] : []),
    ...(later.some((version) => hasUnknown(probe, program, version)) ? [BEGINS_LATE] : []),
    ...later.flatMap((version) => changedFormat(kept, program, version)).slice(0, 1),
  ];
}

const leftOut = (count: number): Warning => ({
  type: 'programs_dropped',
  message: `The file holds ${count} programs; the first that can be played is kept, and the others are left out.`,
});

/** A short place of a stream of many programs need not tell the chosen one's table. */
function areOthers(programs: readonly TsProgram[], place: readonly TsProgram[]): boolean {
  const known = pidsOf(programs);
  return [...pidsOf(place)].every((pid) => !known.has(pid));
}

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
function changedFormat(kept: Probe, program: TsProgram, later: TsProgram): readonly Warning[] {
  const hasChanged = (pid: number): boolean => {
    const [before, after] = [program, later].map(({ streams }) => streams.get(pid));
    return before !== undefined && after !== undefined && before !== after;
  };
  if (!playedPids(kept).some(hasChanged)) return [];
  const { video } = findStreams(kept);
  const isPicture = video !== undefined && hasChanged(pidOf(video));
  const what = isPicture ? 'The picture' : 'The sound';
  const effect = isPicture ? 'stands still' : 'is silent';
  return [{ type: 'format_changed', message: `${what} is in another codec from some place on, and ${effect} there.` }];
}
