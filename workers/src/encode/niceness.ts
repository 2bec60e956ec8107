/** Who wants a segment: a viewer who waits, a viewer who will ask for it next, or nobody yet. */
export type Urgency = 'waited-for' | 'ahead' | 'background';

/**
 * Each gives way to those before it: next to a segment that is waited for, one ahead of a viewer gets a quarter of a contended core
 * (he may be waiting for it by now) and background work a fiftieth (sched(7): weights of 1024, 335 and 15).
 */
const NICENESS: Readonly<Record<Urgency, number>> = { 'waited-for': 0, ahead: 5, background: 19 };

export const nicenessOf = (urgency: Urgency): number => NICENESS[urgency];
