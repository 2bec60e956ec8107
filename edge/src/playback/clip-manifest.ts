import { type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import { AppError } from '@mediaflow/shared/errors';
import type { ClipWindow } from '@mediaflow/shared/session';
import { TEXT_SEGMENT_SEGMENTS } from '@mediaflow/shared/timeline';

/**
 * A stored MPD, cut to the window: its templates name the segments that hold it, a time offset (ISO/IEC 23009-1, 5.3.9.2) moves the
 * first of them to 0, and the end is exact. The start is not: offset into a segment, its keyframe would lie ahead of the presentation, and a browser
 * drops all pictures up to the next one (Media Source Extensions, 3.5.8). Text counts from 0 by itself, as `clipText` hands it out: dash.js
 * does not apply an offset to it.
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
  const clipped = clipElement(mpd, { ...clip, startSeconds }, false);
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

function clipElement(element: XmlElement, cut: Cut, isText: boolean): XmlElement {
  if (element.name === 'SegmentTemplate') return isText ? clipTextTemplate(element, cut) : clipTemplate(element, cut);
  const isTextSet = isText || (element.name === 'AdaptationSet' && element.attributes.contentType === 'text');
  return {
    ...element,
    children: element.children.map((child) => (typeof child === 'object' ? clipElement(child, cut, isTextSet) : child)),
  };
}

interface TimelineEntry {
  readonly time: number;
  readonly duration: number;
}

function clipTemplate(template: XmlElement, { startSeconds, firstSegment, lastSegment }: Cut): XmlElement {
  const presentationTimeOffset = String(Math.round(startSeconds * timescaleOf(template)));
  const kept = readTimeline(template).slice(firstSegment, lastSegment + 1);
  return withSegments({ ...template, attributes: { ...template.attributes, presentationTimeOffset } }, firstSegment, kept);
}

/** Of the first segment, which may have begun before, the part that goes with the pictures. */
function clipTextTemplate(template: XmlElement, { startSeconds, firstSegment, lastSegment }: Cut): XmlElement {
  const offset = Math.round(startSeconds * timescaleOf(template));
  const first = Math.floor(firstSegment / TEXT_SEGMENT_SEGMENTS);
  const kept = readTimeline(template).slice(first, Math.floor(lastSegment / TEXT_SEGMENT_SEGMENTS) + 1);
  const moved = kept.map(({ time, duration }) => ({
    time: Math.max(0, time - offset),
    duration: Math.min(duration, time + duration - offset),
  }));
  return withSegments(template, first, moved);
}

/** @param first number of the first of them among the stored */
function withSegments(template: XmlElement, first: number, entries: readonly TimelineEntry[]): XmlElement {
  const startNumber = String(Number(template.attributes.startNumber ?? '1') + first);
  return {
    ...template,
    attributes: { ...template.attributes, startNumber },
    children: [xmlElement('SegmentTimeline', {}, ...writeTimeline(entries))],
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
