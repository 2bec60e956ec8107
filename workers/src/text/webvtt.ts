import { stringifyWebVttTime } from '@mediaflow/shared/webvtt-time';

/** One cue (W3C WebVTT 3.1). Times in milliseconds. */
export interface Cue {
  readonly id?: string;
  readonly startMs: number;
  readonly endMs: number;
  /** As written after the times: `line:0 align:start`; empty for none. */
  readonly settings: string;
  /** The payload as WebVTT has it: marked up and escaped, no blank line. */
  readonly text: string;
}

const TIMINGS = /^(?<start>-?[\d:]+\.\d{3})[ \t]+-->[ \t]+(?<end>-?[\d:]+\.\d{3})(?:[ \t]+(?<settings>.*))?$/;

/**
 * The cues of a WebVTT file, in its order. What is no cue (header, notes, styles, regions, torn blocks) is passed over, so
 * that a damaged file yields what can be read of it.
 */
export function parseWebVtt(file: string): readonly Cue[] {
  const text = file
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '\uFFFD')
    .replace(/\r\n?/g, '\n');
  return text.split(/\n{2,}/).flatMap((block) => {
    const cue = parseBlock(block.split('\n').filter((line) => line !== ''));
    return cue === undefined ? [] : [cue];
  });
}

function parseBlock(lines: readonly string[]): Cue | undefined {
  const at = lines.findIndex((line) => line.includes('-->'));
  if (at < 0 || at > 1) return undefined;
  const timings = TIMINGS.exec(lines[at] ?? '')?.groups;
  const startMs = parseTime(timings?.start ?? '');
  const endMs = parseTime(timings?.end ?? '');
  if (startMs === undefined || endMs === undefined) return undefined;
  const id = at === 1 ? lines[0] : undefined;
  return {
    ...(id !== undefined && { id }),
    startMs,
    endMs,
    settings: timings?.settings?.trim() ?? '',
    text: lines.slice(at + 1).join('\n'),
  };
}

/** A whole file; `header` are lines below `WEBVTT`. Its inverse is `parseWebVtt`. */
export function stringifyWebVtt(cues: readonly Cue[], header: readonly string[] = []): string {
  const blocks = cues.map(({ id, startMs, endMs, settings, text }) => {
    const timings = `${stringifyWebVttTime(startMs)} --> ${stringifyWebVttTime(endMs)}${settings === '' ? '' : ` ${settings}`}`;
    return [...(id === undefined ? [] : [id]), timings, text].join('\n');
  });
  return `${[['WEBVTT', ...header].join('\n'), ...blocks].join('\n\n')}\n`;
}

/** `01:02:03.456` or `02:03.456`; ffmpeg also writes times before 0. */
function parseTime(time: string): number | undefined {
  const match = /^(-?)(?:(\d{1,6}):)?(-?\d{1,2}):(-?\d{1,2})\.(\d{3})$/.exec(time);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = match;
  const size = Math.abs(Number(hours)) * 3_600_000 + Math.abs(Number(minutes)) * 60_000 + Math.abs(Number(seconds)) * 1000;
  const isNegative = sign === '-' || minutes.startsWith('-') || seconds.startsWith('-');
  return (isNegative ? -1 : 1) * (size + Number(milliseconds));
}

/** Cue text tags and timestamps (W3C WebVTT 3.3); whatever else stands between angle brackets is text. */
const MARKUP = /^<(?:\/?(?:b|i|u|c|v|lang|ruby|rt)(?:\.[\w.-]+)?(?:[ \t][^<>&\n]*)?|(?:\d{2,}:)?\d{2}:\d{2}\.\d{3})>/;
const ENTITY = /^&(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[\da-f]{1,6});/i;

/**
 * Payload that means what it shows, whatever it was made from: characters that would be read as markup are escaped unless
 * they are markup, `-->` cannot start a cue, and no blank line can end this one. What is right already stays as it is.
 */
export function escapePayload(text: string): string {
  const escaped = text.replace(/[<&]|-->/g, (found, offset: number) => {
    if (found === '-->') return '--&gt;';
    const rest = text.slice(offset, offset + 200);
    if (found === '<') return MARKUP.test(rest) ? found : '&lt;';
    return ENTITY.test(rest) ? found : '&amp;';
  });
  return escaped
    .split(/[\r\n\f\u0085\u2028\u2029]+/)
    .filter((line) => line.trim() !== '')
    .join('\n');
}
