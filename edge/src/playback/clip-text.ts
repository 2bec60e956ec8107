import type { ClipWindow } from '@mediaflow/shared/session';
import { stringifyWebVttTime } from '@mediaflow/shared/webvtt-time';

const SIGNATURE = /^WEBVTT(?:[ \t]|$)/;
const MAP = 'X-TIMESTAMP-MAP=';
const ARROW = '-->';
const TIME = '(?:(\\d+):)?([0-5]\\d):([0-5]\\d)\\.(\\d{3})';
/** What stands behind the times are settings. */
const TIMINGS = new RegExp(`^[ \\t]*${TIME}[ \\t]*${ARROW}[ \\t]*${TIME}(.*)$`);
/** From when on the rest of a cue's text counts as said (W3C WebVTT 4.2.2). */
const INNER_TIME = new RegExp(`<${TIME}>`, 'g');
/** RFC 8216, 3.5: 90 kHz, in 33 bits. */
const [TICKS_PER_MS, TICKS] = [90, 2 ** 33];

/**
 * A stored text segment as a session with a clip sees it: the clip's cues alone, cut where they reach beyond it, their times counted from
 * the first picture. That is how dash.js takes them, whatever offset an MPD states; players of HLS learn from the header which moment of
 * the stored media it is. Notes, styles and regions stay. Of what is no WebVTT nothing is left.
 *
 * @param file WebVTT whose times are the film's, as the workers write it
 */
export function clipText(file: string, clip: ClipWindow): string {
  const map = `${MAP}LOCAL:${stringifyWebVttTime(0)},MPEGTS:${(clip.originMs * TICKS_PER_MS) % TICKS}`;
  const [[signature = '', ...header] = [], ...blocks] = splitBlocks(file);
  if (!SIGNATURE.test(signature)) return `WEBVTT\n${map}\n`;
  const head = [signature, ...header.filter((line) => !line.startsWith(MAP)), map];
  return `${[head, ...blocks.flatMap((block) => clipBlock(block, clip))].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Block = readonly string[];

/** As W3C WebVTT 6.1 collects them: an arrow begins a cue even where no blank line stands before it. The first block is the header. */
function splitBlocks(file: string): readonly Block[] {
  const blocks: string[][] = [[]];
  let hasArrow = false;
  for (const line of file.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const block = blocks.at(-1) ?? [];
    const isArrow = line.includes(ARROW);
    const isNext: boolean = line === '' || (isArrow && (hasArrow || block.length > 1 || blocks.length === 1));
    if (isNext) blocks.push(line === '' ? [] : [line]);
    else block.push(line);
    hasArrow = isArrow || (hasArrow && !isNext);
  }
  return blocks.filter((block, index) => index === 0 || block.length > 0);
}

/** The block as one, or none where the clip has nothing of the cue; so for times that cannot be read, which no player shows. */
function clipBlock(block: Block, { originMs, endMs: clipEndMs }: ClipWindow): readonly Block[] {
  const at = block.findIndex((line) => line.includes(ARROW));
  if (at === -1) return [block];
  const timings = TIMINGS.exec(block[at] ?? '');
  if (timings === null) return [];
  const startMs = Math.max(originMs, toMs(timings.slice(1, 5)));
  const endMs = Math.min(clipEndMs, toMs(timings.slice(5, 9)));
  if (startMs >= endMs) return [];
  const move = (timeMs: number): string => stringifyWebVttTime(timeMs - originMs);
  const text = block.slice(at + 1).map((line) =>
    line.replace(INNER_TIME, (_, ...groups: string[]) => {
      const timeMs = toMs(groups.slice(0, 4));
      return timeMs > startMs && timeMs < endMs ? `<${move(timeMs)}>` : '';
    }),
  );
  return [[...block.slice(0, at), `${move(startMs)} ${ARROW} ${move(endMs)}${timings[9]}`, ...text]];
}

/** @param parts of a time, as `TIME` finds them */
function toMs([hours = '0', minutes, seconds, milliseconds]: readonly (string | undefined)[]): number {
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(milliseconds);
}
