/** Releases of each line in which CVE-2026-8461 and what was mended with it are gone; lines in between have no such release. */
const MENDED = [
  [7, 1, 5],
  [8, 0, 3],
  [8, 1, 2],
] as const;

/**
 * Pure. What an operator should know of the ffmpeg whose first line of output this is; undefined when all is well. Only a
 * warning: distributions mend old releases without a new number (Debian's 5.1), and nightly builds have none.
 */
export function judgeVersion(banner: string): string | undefined {
  const version = /^ffmpeg version (\S+)/.exec(banner)?.[1];
  if (version === undefined) return 'ffmpeg does not tell its version.';
  const numbers = /^n?(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (numbers === undefined) return undefined;
  const [major = 0, minor = 0, patch = 0] = numbers;
  const isNewer = major > 8 || (major === 8 && minor > 1);
  const isMended = MENDED.some((release) => release[0] === major && release[1] === minor && patch >= release[2]);
  if (isNewer || isMended) return undefined;
  return `ffmpeg ${version} is older than 7.1.5, 8.0.3 and 8.1.2, which mend CVE-2026-8461: keep the distribution's security updates, or install a newer one.`;
}
