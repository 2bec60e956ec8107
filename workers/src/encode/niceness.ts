import type { RunOptions } from '../ffmpeg/run.ts';

/** Who wants a segment: a viewer who waits, a viewer who will ask for it next, one who waited and has left, or nobody yet. */
export type Urgency = 'waited-for' | 'ahead' | 'abandoned' | 'background';

/** Beside segments there is the poster: it is seen in lists, and made while somebody waits for the film's first picture. */
type Wanted = Urgency | 'poster';

/**
 * Each gives way to those before it: next to a segment that is waited for, one ahead of a viewer gets a quarter of a contended core
 * (he may be waiting for it by now), a poster a tenth, one that its viewer has left a thirtieth, and background work a seventieth (sched(7):
 * weights of 1024, 335, 110, 36 and 15, by the thread). He may come back to what he left, half done, so it goes before the background; but whoever jumps
 * about in a film leaves several of them behind, and waits for the next.
 */
const NICENESS: Readonly<Record<Wanted, number>> = { 'waited-for': 0, ahead: 5, poster: 10, abandoned: 15, background: 19 };

export const nicenessOf = (wanted: Wanted): number => NICENESS[wanted];

/** How `runFfmpeg` is to run it: once `unwanted` is aborted, as one that its viewer has left. */
export function priorityOf(urgency: Urgency, unwanted: AbortSignal | undefined): Pick<RunOptions, 'niceness' | 'yielding'> {
  const isUnwanted = unwanted?.aborted === true && urgency === 'waited-for';
  if (unwanted === undefined || isUnwanted) return { niceness: nicenessOf(isUnwanted ? 'abandoned' : urgency) };
  return { niceness: nicenessOf(urgency), yielding: { when: unwanted, niceness: nicenessOf('abandoned') } };
}
