import { type Timeline, textSegmentCount, textSegmentSpan, timelineDurationMs } from '@mediaflow/shared/timeline';
import { type Cue, escapePayload, stringifyWebVtt } from './webvtt.ts';

/** Two lines a second for the longest film allowed. */
const MAX_CUES = 50_000;
/** Of one cue. */
const MAX_TEXT_LENGTH = 4_000;
/** Of one segment's cues: many cues that all last the whole film would be repeated in every segment. */
const MAX_SEGMENT_LENGTH = 1_000_000;
const MAX_SETTINGS_LENGTH = 200;

/**
 * Cue times count from the timeline's start, and so do our fragmented MP4 segments' presentation times: there is no
 * MPEG-TS clock in between, so local 0 is 0 of it (RFC 8216 3.5).
 */
const HEADER = ['X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0'];

export interface TimelineCues {
  /** By start, on the timeline, safe to print. */
  readonly cues: readonly Cue[];
  /** Whether there were more than are carried. */
  readonly isCut: boolean;
}

/**
 * Cues of the source's clock on the timeline: what is over before it starts, or empty, or shown for no time is left out.
 *
 * @param originSeconds the source's timestamp that becomes 0
 */
export function toTimelineCues(cues: readonly Cue[], originSeconds: number, timeline: Timeline): TimelineCues {
  const originMs = Math.round(originSeconds * 1000);
  const durationMs = Math.floor(timelineDurationMs(timeline));
  const shown = cues.flatMap(({ id, startMs, endMs, settings, text }): readonly Cue[] => {
    const cue = {
      ...(id !== undefined && isPlainId(id) && { id }),
      startMs: Math.max(0, startMs - originMs),
      endMs: Math.min(durationMs, endMs - originMs),
      settings: settings.length > MAX_SETTINGS_LENGTH || settings.includes('-->') ? '' : settings,
      text: escapePayload(text.slice(0, MAX_TEXT_LENGTH)),
    };
    return cue.endMs > cue.startMs && cue.text !== '' ? [cue] : [];
  });
  const sorted = shown.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return { cues: sorted.slice(0, MAX_CUES), isCut: sorted.length > MAX_CUES };
}

const isPlainId = (id: string): boolean => id.length <= 100 && !id.includes('-->');

/** Every text segment of the timeline as a WebVTT file, the empty ones too; a cue that crosses a border is in both. */
export function* stringifyTextSegments(cues: readonly Cue[], timeline: Timeline): Generator<{ number: number; file: string }> {
  const count = textSegmentCount(timeline);
  for (let number = 0; number < count; number += 1) {
    const { startSeconds, endSeconds } = textSegmentSpan(timeline, number);
    // Sound may outlast the picture's grid by less than a frame or so: the last segment takes what is shown then.
    const endMs = number === count - 1 ? Number.POSITIVE_INFINITY : endSeconds * 1000;
    const shown = cues.filter((cue) => cue.startMs < endMs && cue.endMs > startSeconds * 1000);
    yield { number, file: stringifyWebVtt(takeWithin(shown, MAX_SEGMENT_LENGTH), HEADER) };
  }
}

function takeWithin(cues: readonly Cue[], maxLength: number): readonly Cue[] {
  let length = 0;
  const end = cues.findIndex((cue) => {
    length += cue.text.length + cue.settings.length + (cue.id?.length ?? 0);
    return length > maxLength;
  });
  return end < 0 ? cues : cues.slice(0, end);
}
