/** All in milliseconds; tests shorten them. */
export interface ConsumeTiming {
  /** How long a worker may be silent before its job is another's; noticed after at most `lockMs + 2 * stalledCheckMs`. */
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  /** A connection without an answer for so long is dead, and opened anew. Longer than the 10 s that BullMQ blocks for. */
  readonly silenceMs: number;
  /** What `close` allows beyond the grace given to running jobs. */
  readonly closeMs: number;
  /** Between two looks whether a consumer that rests may go on. */
  readonly restMs: number;
}

export const PATIENT_TIMING: ConsumeTiming = { lockMs: 10_000, stalledCheckMs: 3_000, silenceMs: 20_000, closeMs: 5_000, restMs: 2_000 };

/** Where somebody waits: a worker that froze or was killed costs him 4 to 6 s. */
export const URGENT_TIMING: ConsumeTiming = { ...PATIENT_TIMING, lockMs: 4_000, stalledCheckMs: 1_000 };
