/** Numbers as people read them. All pure; English only. */

/** Seconds as `0:07`, `12:05` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % 60)}` : `${minutes}:${twoDigits(whole % 60)}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units, as operating systems and disks count: `6.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would print as "1000": it already belongs to the next unit.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** A rounded remaining time: more digits than the estimate is good for would only flicker. */
export function formatRemaining(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min left`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.round((seconds % 3600) / 60);
  return minutes === 0 || minutes === 60 ? `${hours + (minutes === 60 ? 1 : 0)} h left` : `${hours} h ${minutes} min left`;
}

/** How long ago a moment was, down to a date after a week. Both in Unix seconds. */
export function formatAge(thenSeconds: number, nowSeconds: number): string {
  const age = nowSeconds - thenSeconds;
  if (age < 60) return 'just now';
  if (age < 3600) return `${Math.floor(age / 60)} min ago`;
  if (age < 86_400) return `${Math.floor(age / 3600)} h ago`;
  if (age < 7 * 86_400) return age < 2 * 86_400 ? 'yesterday' : `${Math.floor(age / 86_400)} days ago`;
  return formatDate(thenSeconds);
}

/** Unix seconds as `20 Nov 2026`, in the reader's time zone. */
export function formatDate(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(seconds * 1000);
}

/** Unix seconds as `20 Nov 2026, 14:03`, in the reader's time zone. */
export function formatDateTime(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
    seconds * 1000,
  );
}

/** `23.976`, `25`, `29.97`: broadcast rates keep their decimals, whole ones show none. */
export function formatFrameRate(framesPerSecond: number): string {
  return `${Number(framesPerSecond.toFixed(3))} fps`;
}

/** The head and tail of a long id or hash; the whole is one click away wherever this is shown. */
export function shorten(text: string, head = 8, tail = 6): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** A file name as a title: no extension, separators as spaces. */
export function titleFromFileName(name: string): string {
  const stem = name.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  return (
    stem
      .replaceAll(/[_\s]+/g, ' ')
      .trim()
      .slice(0, 512) || name
  );
}
