import { AppError } from '@mediaflow/shared/errors';

/** `6.1 MB`: decimal units, as disks and networks count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${index === 0 ? Math.round(value) : value.toPrecision(3)} ${units[index]}`;
}

/** `1:05`, `1:02:05`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** `2026-11-20 21:04` in UTC, of Unix seconds. */
export const formatDate = (time: string): string => new Date(Number(time) * 1000).toISOString().slice(0, 16).replace('T', ' ');

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `30m`, `12h`, `7d`, or plain seconds. Throws `invalid_parameters` for anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text);
  const unit = match?.[2] || 's';
  const seconds = Number(match?.[1] ?? Number.NaN) * SECONDS[unit as keyof typeof SECONDS];
  if (!(seconds > 0)) throw new AppError('invalid_parameters', `"${text}" is no duration; use for example 90s, 30m, 12h or 7d.`);
  return seconds;
}
