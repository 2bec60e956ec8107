import type { StoredSegments } from '@mediaflow/shared/jobs';
import type { Unit } from '@mediaflow/shared/units';
import type { UnitRow } from '../db/schema.ts';

export interface FilledUnit {
  /** As the unit's row holds them: rendition by rendition, 0 where a segment is not stored. */
  readonly sizesBytes: readonly number[];
  readonly keyframeBytes: readonly number[];
  /** Segments that nobody had reported before. */
  readonly newCount: number;
  readonly isWhole: boolean;
}

/**
 * Enters what is stored into the unit it belongs to; segments of other units are passed over. Pure. A segment reported
 * twice keeps its first size: the store keeps what was first written, too.
 */
export function fillUnit(row: Pick<UnitRow, 'unit' | 'sizes_bytes' | 'keyframe_bytes'>, stored: readonly StoredSegments[]): FilledUnit {
  const { unit } = row;
  const length = countSegments(unit);
  const sizesBytes = row.sizes_bytes?.slice() ?? new Array<number>(length).fill(0);
  const keyframeBytes = row.keyframe_bytes?.slice() ?? new Array<number>(length).fill(0);
  let newCount = 0;
  for (const { renditionId, firstSegment, sizesBytes: sizes, keyframeBytes: keyframes } of stored) {
    for (const [offset, size] of sizes.entries()) {
      const place = placeOf(unit, renditionId, firstSegment + offset);
      if (place === undefined || sizesBytes[place] !== 0) continue;
      sizesBytes[place] = size;
      keyframeBytes[place] = keyframes?.[offset] ?? 0;
      newCount += 1;
    }
  }
  return { sizesBytes, keyframeBytes, newCount, isWhole: !sizesBytes.includes(0) };
}

/** Segments a unit stores, over all its renditions. */
export const countSegments = (unit: Unit): number => unit.segmentCount * unit.renditionIds.length;

/** Index of a segment in the unit's lists; undefined when another unit makes it. */
export function placeOf(unit: Unit, renditionId: string, number: number): number | undefined {
  const order = unit.renditionIds.indexOf(renditionId);
  const offset = number - unit.firstSegment;
  return order < 0 || offset < 0 || offset >= unit.segmentCount ? undefined : order * unit.segmentCount + offset;
}
