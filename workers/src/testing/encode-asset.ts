import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { Rendition } from '@mediaflow/shared/rendition';
import type { Rung } from '@mediaflow/shared/rungs';
import type { Source } from '@mediaflow/shared/source';
import { fixTimeline, type Timeline } from '@mediaflow/shared/timeline';
import { planUnits, type Unit } from '@mediaflow/shared/units';
import { type Encoded, type EncodeOptions, encode } from '../encode/encode.ts';
import type { SegmentRange } from '../encode/grid.ts';
import { probeFile } from '../probe/probe-file.ts';
import { deriveBeside, findReadable } from '../source/source-file.ts';
import { openWorkspace } from '../workspace.ts';

/** Two rungs, so that chained scaling is part of what is tested, and small. */
const LADDER: readonly Rung[] = [
  { shortSide: 180, crf: 21, maxBitrateBps: 900_000 },
  { shortSide: 120, crf: 21, maxBitrateBps: 500_000 },
];

export interface PlannedAsset {
  readonly path: string;
  readonly source: Source;
  readonly timeline: Timeline;
  readonly renditions: readonly Rendition[];
  readonly units: readonly Unit[];
}

export async function planAsset(path: string): Promise<PlannedAsset> {
  const { signal } = new AbortController();
  const source = await probeFile(path, signal);
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline, { ladder: LADDER });
  const options = { derive: deriveBeside(path), signal };
  const readPath = await findReadable(path, source, options);
  return { path: readPath, source, timeline, renditions, units: planUnits(timeline, renditions) };
}

export type EncodeUnitOptions = Partial<Pick<EncodeOptions, 'urgency' | 'isSkipped'>>;

export async function encodeUnit(
  asset: PlannedAsset,
  unit: SegmentRange & { readonly renditionIds: readonly string[] },
  scratch: string,
  { urgency = 'background', ...options }: EncodeUnitOptions = {},
): Promise<Encoded> {
  const workspace = await openWorkspace(join(scratch, 'work'), process.pid);
  const renditions = asset.renditions.filter((rendition) => rendition.kind !== 'text').filter(({ id }) => unit.renditionIds.includes(id));
  return workspace.withFolder((workDir) =>
    encode(asset.source, renditions, unit, {
      inputPath: asset.path,
      workDir,
      timeline: asset.timeline,
      urgency,
      ...options,
      signal: new AbortController().signal,
    }),
  );
}

/**
 * Encodes every unit, the last one first, and joins each rendition to one file.
 *
 * @returns the path of the file by rendition id
 */
export async function encodeAsset(asset: PlannedAsset, scratch: string): Promise<ReadonlyMap<string, string>> {
  const segments = new Map<string, Uint8Array[]>(asset.renditions.map(({ id }) => [id, []]));
  const inits = new Map<string, Uint8Array>();
  for (const unit of asset.units.toReversed()) {
    for (const packaged of (await encodeUnit(asset, unit, scratch)).renditions) {
      const init = inits.get(packaged.renditionId);
      if (init !== undefined && Buffer.compare(init, packaged.init) !== 0) throw new Error(`${unit.id} made another init segment`);
      inits.set(packaged.renditionId, packaged.init);
      const all = segments.get(packaged.renditionId) ?? [];
      for (const { number, bytes } of packaged.segments) all[number] = bytes;
    }
  }
  await mkdir(scratch, { recursive: true });
  const files = [...inits].map(async ([id, init]) => {
    const path = join(scratch, `${id}.joined.mp4`);
    await writeFile(path, Buffer.concat([init, ...(segments.get(id) ?? [])]));
    return [id, path] as const;
  });
  return new Map(await Promise.all(files));
}
