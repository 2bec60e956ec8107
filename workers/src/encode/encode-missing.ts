import type { StoredSegments } from '@mediaflow/shared/jobs';
import type { MediaRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';
import type { Timeline } from '@mediaflow/shared/timeline';
import type { HandlerContext } from '../handler.ts';
import { withSourceFile } from '../source/source-file.ts';
import type { SourceRef } from '../source/staging.ts';
import { encode } from './encode.ts';
import { type SegmentRange, segmentNumbers } from './grid.ts';
import type { Urgency } from './niceness.ts';
import type { PictureCount } from './picture-count.ts';
import { storeEncoded } from './store-encoded.ts';
import { findStored, groupStored, type MediaVersion } from './stored-segments.ts';

export interface EncodeWork extends MediaVersion, SourceRef {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly renditions: readonly MediaRendition[];
  readonly range: SegmentRange;
  readonly urgency: Urgency;
  /** As `EncodeOptions` has it. */
  readonly unwanted?: AbortSignal;
}

export interface MissingEncoded {
  /** All segments of the work, whoever made them. */
  readonly segments: readonly StoredSegments[];
  /** Of what was encoded now; absent when no video was. */
  readonly pictures?: PictureCount;
}

/**
 * Sees to it that all segments of the work are stored: a viewer's request, the background and a repetition of either may
 * all want the same segment, and whoever comes second finds it there. Done twice, it stores the same under the same keys.
 */
export async function encodeMissing(work: EncodeWork, context: HandlerContext): Promise<MissingEncoded> {
  const { source, timeline, renditions, range, urgency, unwanted } = work;
  const { signal, store, workspace } = context;
  const numbers = segmentNumbers(range);
  const found = await findStored(store, work, renditions, numbers);
  if (found.length === numbers.length * renditions.length) return { segments: groupStored(found) };
  const isSkipped = ({ id }: MediaRendition, number: number): boolean =>
    found.some((segment) => segment.renditionId === id && segment.number === number);
  const encoded = await withSourceFile(context, work, (inputPath, derive) =>
    workspace.withFolder((workDir) =>
      encode(source, renditions, range, {
        inputPath,
        workDir,
        timeline,
        urgency,
        isSkipped,
        signal,
        ...(unwanted && { unwanted }),
        derive,
      }),
    ),
  );
  // A worker that was frozen, or cut off from the queue, may no longer own the work: it must not publish.
  await context.confirmLease();
  const stored = await storeEncoded(store, work, encoded.renditions, signal);
  return { segments: groupStored([...found, ...stored]), ...(encoded.pictures && { pictures: encoded.pictures }) };
}
