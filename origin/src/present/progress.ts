import type { Asset } from '@mediaflow/shared/api';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { AssetRow } from '../db/schema.ts';

type Counted = Pick<AssetRow, 'stored_segments' | 'total_segments' | 'is_analysis_due' | 'source' | 'timeline' | 'renditions'>;
type Progressing = Counted & Pick<AssetRow, 'status' | 'playable_at'>;

/** All segments may be stored while subtitles, or an analysis that will add renditions, are still to come. */
const MOST_BEFORE_READY = 99;
/** Fewer stored segments than this say nothing about the pace. */
const MIN_PACE_SEGMENTS = 5;

/** How far the encode is. Pure. */
export function presentProgress(row: Progressing, now: Date): Asset['progress'] {
  const progress = storedPercent(row);
  switch (row.status) {
    case 'ready':
      return { state: 'completed', progress: 100 };
    case 'errored':
      return { state: 'errored', progress };
    case 'preparing': {
      const eta = etaSeconds(row, now);
      const state = row.timeline === null ? 'ingesting' : 'transcoding';
      return { state, progress: Math.min(progress, MOST_BEFORE_READY), ...(eta !== undefined && { eta_seconds: eta }) };
    }
  }
}

/** Whole per cent of the planned segments that are stored; 100 only when all of them are. */
export function storedPercent(row: Counted): number {
  const total = row.total_segments + expectedSegments(row);
  return total === 0 ? 0 : Math.min(100, Math.floor((row.stored_segments / total) * 100));
}

/** Of the renditions that an analysis may add: it chooses among plus's, so that progress never falls. */
function expectedSegments({ is_analysis_due: isDue, source, timeline, renditions }: Counted): number {
  if (!isDue || source === null || timeline === null) return 0;
  const added = planRenditions(source, timeline).filter(
    ({ id, kind }) => kind === 'video' && !renditions?.some((known) => known.id === id),
  );
  return added.length * timeline.segmentCount;
}

/**
 * Seconds until the whole ladder is stored, at the pace since the asset became playable. Undefined while a guess would be
 * wild, and while an analysis may still add renditions.
 */
export function etaSeconds(row: Progressing, now: Date): number | undefined {
  const { stored_segments: stored, total_segments: total, playable_at: playableAt } = row;
  if (playableAt === null || row.is_analysis_due || stored < MIN_PACE_SEGMENTS) return undefined;
  const elapsedSeconds = Math.max(0, now.getTime() - playableAt.getTime()) / 1000;
  return Math.ceil((Math.max(0, total - stored) * elapsedSeconds) / stored);
}
