const MAX_TAIL_LENGTH = 8 * 1024;
const MAX_LINE_LENGTH = 2 * 1024;

export interface StderrLog {
  /** Takes one line; true when it reports progress that the line before did not. */
  append(line: string): boolean;
  /** The last lines that are not progress reports, at most 8 kB. */
  tail(): string;
  /** The output position last reported, in seconds; 0 before the first report. */
  positionSeconds(): number;
}

/** Tells ffmpeg's `-stats` lines (frame, size, time) from its messages, and keeps the latter's tail. */
export function createStderrLog(): StderrLog {
  const lines: string[] = [];
  let length = 0;
  let position = '';
  return {
    append(line) {
      const next = parsePosition(line);
      if (next !== undefined) {
        const moved = next !== position;
        position = next;
        return moved;
      }
      const kept = line.slice(0, MAX_LINE_LENGTH);
      lines.push(kept);
      length += kept.length + 1;
      while (length > MAX_TAIL_LENGTH) length -= (lines.shift()?.length ?? 0) + 1;
      return false;
    },
    tail: () => lines.join('\n'),
    positionSeconds: () => parseSeconds(position),
  };
}

/** What moves while work is done: not the `fps=` and `speed=` that change for ever, even when nothing is produced. */
function parsePosition(line: string): string | undefined {
  const parts = line.match(/(?:frame|size|time)=\s*\S+/g);
  return parts !== null && /^(?:frame|size)=/.test(line) ? parts.join(' ') : undefined;
}

function parseSeconds(position: string): number {
  const match = /time=\s*(-?)(\d+):(\d+):(\d+(?:\.\d+)?)/.exec(position);
  if (match === null || match[1] === '-') return 0;
  return Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
}
