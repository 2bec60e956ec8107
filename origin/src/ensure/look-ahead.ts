import type { Rendition } from '@mediaflow/shared/rendition';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { AssetRow } from '../db/schema.ts';
import type { SegmentSpan, UnitSizes } from '../db/units.ts';
import { placeOf } from '../outcome/fill-unit.ts';

/** 8 s of playback. A player asks for the next segment as soon as it has one, and each such request looks ahead in its turn. */
const AHEAD_SEGMENTS = 2;

interface SegmentName {
  readonly renditionId: string;
  readonly number: number;
}

/** The segments after `number` that a viewer who waits for it will ask for next; none after the end. */
export function aheadOf(number: number, { segmentCount }: Timeline): SegmentSpan {
  return { first: number + 1, last: Math.min(number + AHEAD_SEGMENTS, segmentCount - 1) };
}

/** The sound that plays with a picture: the default one, whose segments have the pictures' numbers. Undefined for all but pictures. */
export function companionOf(renditionId: string, renditions: readonly Rendition[]): string | undefined {
  if (!renditionId.startsWith('v')) return undefined;
  return renditions.find((rendition) => rendition.kind === 'audio' && rendition.isDefault)?.id;
}

/** The segments that a viewer's wait for one of them asks for: itself, its sound, and those after it. */
export function askedFor(
  { renditionId, number }: SegmentName,
  { renditions, timeline }: Pick<AssetRow, 'renditions' | 'timeline'>,
): readonly SegmentName[] {
  const sound = companionOf(renditionId, renditions ?? []);
  const { first, last } = timeline === null ? { first: 1, last: 0 } : aheadOf(number, timeline);
  return [
    { renditionId, number },
    ...(sound === undefined ? [] : [{ renditionId: sound, number }]),
    ...numbersOf({ first, last }).map((ahead) => ({ renditionId, number: ahead })),
  ];
}

/** Which segments of `first` to `last` of a rendition the units do not know as stored. Pure. */
export function findMissing(units: readonly UnitSizes[], renditionId: string, span: SegmentSpan): readonly number[] {
  return numbersOf(span).filter((number) => !units.some((row) => isStored(row, renditionId, number)));
}

const numbersOf = ({ first, last }: SegmentSpan): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

function isStored({ unit, sizes_bytes }: UnitSizes, renditionId: string, number: number): boolean {
  const place = placeOf(unit, renditionId, number);
  return place !== undefined && (sizes_bytes?.[place] ?? 0) > 0;
}
