/** A time of a cue as WebVTT has it (W3C WebVTT 4.1): `01:02:03.456`. Milliseconds from 0 on. */
export function stringifyWebVttTime(totalMs: number): string {
  const pad = (value: number, length: number): string => String(Math.trunc(value)).padStart(length, '0');
  return `${pad(totalMs / 3_600_000, 2)}:${pad((totalMs / 60_000) % 60, 2)}:${pad((totalMs / 1000) % 60, 2)}.${pad(totalMs % 1000, 3)}`;
}
