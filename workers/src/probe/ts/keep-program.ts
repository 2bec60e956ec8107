import { findStreams, type Probe } from '../parse.ts';
import type { TsProgram } from './programs.ts';

/** What the tables of a transport stream say of the program that is played, and of the others. */
export interface TsTables {
  /** The played one's, as the file begins with it. */
  readonly program: TsProgram;
  /** The same one's further on: what begins later, or in another codec, is in those. */
  readonly later: readonly TsProgram[];
  /** All that the file begins with. */
  readonly programs: readonly TsProgram[];
  /** All that are told further on, place by place. */
  readonly places: readonly (readonly TsProgram[])[];
}

/** Of a stream as ffprobe describes it; not a number where it has none. */
export const pidOf = ({ id }: { readonly id?: string | undefined }): number => Number(id ?? Number.NaN);

/** That of the picture first; without one, of the first sound. */
export function playedPids(probe: Probe): readonly number[] {
  const { video, audio } = findStreams(probe);
  return [...(video === undefined ? [] : [video]), ...audio].map(pidOf);
}

/** Another program is another film: its sound is no second track of this one, and its clock is another. */
export function keepProgram(probe: Probe, { program, later, programs, places }: TsTables): Probe {
  const own = pidsOf([program, ...later]);
  const all = pidsOf([...programs, ...places.flat()]);
  const streams = probe.streams.filter((stream) => own.has(pidOf(stream)) || !all.has(pidOf(stream)));
  if (streams.length === probe.streams.length) return probe;
  const starts = streams.flatMap(({ start_time }) => start_time ?? []);
  return { ...probe, streams, format: { ...probe.format, ...(starts.length > 0 && { start_time: Math.min(...starts) }) } };
}

export const pidsOf = (programs: readonly TsProgram[]): ReadonlySet<number> =>
  new Set(programs.flatMap(({ streams }) => [...streams.keys()]));
