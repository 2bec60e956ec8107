import type { MeasurePayload, RungQuality } from '@mediaflow/shared/jobs';
import { type MediaObject, mediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Handler } from '../handler.ts';
import { withSourceFile } from '../source/source-file.ts';
import { type CodedSegment, compareSegment } from './compare-segment.ts';
import { sampleNumbers } from './sample-numbers.ts';
import { mean } from './ssim-stats.ts';

/** 20 s of any film: decoding and comparing them costs less than encoding them once. */
const SAMPLED_SEGMENTS = 5;

/** Compares stored segments with the source. What is not stored any more is left out; so is a rung of which nothing is. */
export const handleMeasure: Handler<MeasurePayload> = async (payload, { signal, store, staging, workspace, report }) => {
  const { assetId, version, source, timeline } = payload;
  const renditions = payload.renditions.filter((rendition) => rendition.kind === 'video');
  const found = new Map<string, number[][]>();
  await withSourceFile({ staging, signal }, payload, (inputPath) =>
    workspace.withFolder(async (workDir) => {
      for (const number of sampleNumbers(timeline.segmentCount, SAMPLED_SEGMENTS)) {
        const coded = await fetchCoded(store, payload, renditions, number);
        const pictures = await compareSegment(source, number, coded, { inputPath, workDir, timeline, signal });
        for (const [index, { reference }] of coded.entries()) {
          found.set(reference.id, [...(found.get(reference.id) ?? []), [...(pictures[index] ?? [])]]);
        }
      }
    }),
  );
  const rungs = [...found].map(
    ([renditionId, segments]): RungQuality => ({ renditionId, ssim: mean(segments.flat()), sampledSegments: segments.length }),
  );
  await report({ kind: 'measured', assetId, version, rungs }, signal);
};

async function fetchCoded(
  store: ObjectStore,
  { assetId, version }: MeasurePayload,
  renditions: readonly VideoRendition[],
  number: number,
): Promise<readonly CodedSegment[]> {
  const fetchObject = async (object: MediaObject): Promise<Uint8Array | undefined> => {
    const stored = await store.get(mediaKey({ assetId, version, object }));
    return stored && new Uint8Array(await new Response(stored.body).arrayBuffer());
  };
  const segments = await Promise.all(
    renditions.map(async (reference) => {
      const init = await fetchObject({ kind: 'init', renditionId: reference.id });
      const bytes = await fetchObject({ kind: 'segment', renditionId: reference.id, number });
      return init && bytes && { init, bytes, reference };
    }),
  );
  return segments.filter((segment) => segment !== undefined);
}
