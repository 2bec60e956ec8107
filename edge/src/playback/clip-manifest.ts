import { type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import { AppError } from '@mediaflow/shared/errors';
import type { ClipWindow } from '@mediaflow/shared/session';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';

/**
 * A stored MPD, cut to the window: its templates name the segments that hold it, a time offset (ISO/IEC 23009-1, 5.3.9.2) moves the
 * first of them to 0, and the end is exact. The start is not: offset into a segment, its keyframe would lie ahead of the presentation, and a browser
 * drops all pictures up to the next one (Media Source Extensions, 3.5.8).
 */
export function clipManifest(mpd: XmlElement, clip: ClipWindow): XmlElement {
  // Pictures stand first, where there are any: sound begins with a frame of its own, a moment later.
  const template = findTemplate(mpd);
  const [first] = template === undefined ? [] : readTimeline(template).slice(clip.firstSegment);
  if (template === undefined || first === undefined) {
    throw new AppError('internal', 'The stored manifest ends before the clip.', { details: { ...clip } });
  }
  const startSeconds = first.time / timescaleOf(template);
  const duration = `PT${Number((clip.endMs / 1000 - startSeconds).toFixed(6))}S`;
  const clipped = clipElement(mpd, { ...clip, startSeconds }, 1);
  return { ...clipped, attributes: { ...clipped.attributes, mediaPresentationDuration: duration } };
}

interface Cut extends ClipWindow {
  /** Of the first segment. */
  readonly startSeconds: number;
}

const timescaleOf = ({ attributes }: XmlElement): number => Number(attributes.timescale ?? 1);

function findTemplate(element: XmlElement): XmlElement | undefined {
  if (element.name === 'SegmentTemplate') return element;
  for (const child of element.children) {
    const found = typeof child === 'object' ? findTemplate(child) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param step segments of the picture that one of these is as long as */
function clipElement(element: XmlElement, cut: Cut, step: number): XmlElement {
  if (element.name === 'SegmentTemplate') return clipTemplate(element, cut, step);
  const isText = element.name === 'AdaptationSet' && element.attributes.contentType === 'text';
  const children = element.children.map((child) =>
    typeof child === 'object' ? clipElement(child, cut, isText ? TEXT_SEGMENT_SEGMENTS : step) : child,
  );
  return { ...element, children };
}

interface TimelineEntry {
  readonly time: number;
  readonly duration: number;
}

function clipTemplate(template: XmlElement, { startSeconds, firstSegment, lastSegment }: Cut, step: number): XmlElement {
  const first = Math.floor(firstSegment / step);
  const kept = readTimeline(template).slice(first, Math.floor(lastSegment / step) + 1);
  const { startNumber = '1' } = template.attributes;
  return {
    ...template,
    attributes: {
      ...template.attributes,
      startNumber: String(Number(startNumber) + first),
      presentationTimeOffset: String(Math.round(startSeconds * timescaleOf(template))),
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
