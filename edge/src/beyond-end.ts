import type { MediaObject } from '@mediaflow/shared/keys';
import { type Timeline, textSegmentCount } from '@mediaflow/shared/timeline';

/** Whether a film with this grid can have no such segment, encoded or not. Pure. */
export function isBeyondEnd(object: MediaObject, timeline: Timeline): boolean {
  if (object.kind !== 'segment') return false;
  const isText = object.renditionId.startsWith('t');
  return object.number >= (isText ? textSegmentCount(timeline) : timeline.segmentCount);
}
