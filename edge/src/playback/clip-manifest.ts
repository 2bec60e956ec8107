import { type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import { AppError } from '@mediaflow/shared/errors';
import type { ClipWindow } from '@mediaflow/shared/session';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';

/**
 * A stored MPD, cut to the window: its templates name the segments that hold it, and a time offset (ISO/IEC 23009-1, 5.3.9.2) lets the
 * period begin inside of the first, so that start and end are exact.
 */
export function clipManifest(mpd: XmlElement, clip: ClipWindow): XmlElement {
  const duration = `PT${Number(((clip.endMs - clip.startMs) / 1000).toFixed(3))}S`;
  const clipped = clipElement(mpd, clip, 1);
  return { ...clipped, attributes: { ...clipped.attributes, mediaPresentationDuration: duration } };
}

/** @param step segments of the picture that one of these is as long as */
function clipElement(element: XmlElement, clip: ClipWindow, step: number): XmlElement {
  if (element.name === 'SegmentTemplate') return clipTemplate(element, clip, step);
  const isText = element.name === 'AdaptationSet' && element.attributes.contentType === 'text';
  const children = element.children.map((child) =>
    typeof child === 'object' ? clipElement(child, clip, isText ? TEXT_SEGMENT_SEGMENTS : step) : child,
  );
  return { ...element, children };
}

interface TimelineEntry {
  readonly time: number;
  readonly duration: number;
}

function clipTemplate(template: XmlElement, { startMs, firstSegment, lastSegment }: ClipWindow, step: number): XmlElement {
  const first = Math.floor(firstSegment / step);
  const kept = readTimeline(template).slice(first, Math.floor(lastSegment / step) + 1);
  if (kept.length === 0) throw new AppError('internal', 'The stored manifest ends before the clip.', { details: { firstSegment } });
  const { startNumber = '1', timescale = '1' } = template.attributes;
  return {
    ...template,
    attributes: {
      ...template.attributes,
      startNumber: String(Number(startNumber) + first),
      presentationTimeOffset: String(Math.round((startMs * Number(timescale)) / 1000)),
    },
    children: [xmlElement('SegmentTimeline', {}, ...writeTimeline(kept))],
  };
}

/** Every segment of a template's `SegmentTimeline` (5.3.9.6). */
function readTimeline({ children }: XmlElement): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let time = 0;
  for (const timeline of children) {
    for (const run of typeof timeline === 'object' ? timeline.children : []) {
      if (typeof run !== 'object') continue;
      const { t, d, r = '0' } = run.attributes;
      time = t === undefined ? time : Number(t);
      for (let left = Number(r); left >= 0; left -= 1) {
        entries.push({ time, duration: Number(d) });
        time += Number(d);
      }
    }
  }
  return entries;
}

/** Runs of one duration; only the first states its time. */
function writeTimeline(entries: readonly TimelineEntry[]): readonly XmlElement[] {
  const starts = entries.flatMap(({ duration }, index) => (duration === entries[index - 1]?.duration ? [] : [index]));
  return starts.map((start, index) => {
    const repeats = (starts[index + 1] ?? entries.length) - start - 1;
    const { time, duration } = entries[start] ?? { time: 0, duration: 0 };
    return xmlElement('S', { t: index === 0 ? time : undefined, d: duration, r: repeats === 0 ? undefined : repeats });
  });
}
