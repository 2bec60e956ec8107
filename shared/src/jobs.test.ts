import { describe, expect, it } from 'vitest';
import { newAssetId } from './ids.ts';
import {
  analyzeJob,
  encodeJob,
  measureJob,
  type OutcomePayload,
  outcomeJob,
  posterJob,
  probeJob,
  publishJob,
  purgeJob,
  urgentJob,
  WORK_JOBS,
} from './jobs.ts';
import { mediaPrefix } from './keys.ts';
import { planRenditions } from './ladder.ts';
import { makeSource } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';
import { planUnits } from './units.ts';

const assetId = newAssetId();
const work = { assetId, version: 1, sourceKey: 'sources/u/1', sizeBytes: 10 };
const probe = { ...work, quality: 'plus' } as const;
const source = makeSource({ videoSeconds: 30, audioSeconds: 30 });
const timeline = fixTimeline(source);
const renditions = [...planRenditions(source, timeline)];
const units = [...planUnits(timeline, renditions)];
const failed = { kind: 'failed', assetId, version: 1, error: { code: 'corrupt', message: 'm', details: {} } } as const;

const outcomes: OutcomePayload[] = [
  { kind: 'probed', assetId, version: 1, source, timeline, renditions, units, isAnalysisDue: false },
  { kind: 'poster', assetId, version: 1 },
  { ...failed, job: 'probe' },
  { ...failed, job: 'poster' },
  { kind: 'published', assetId, version: 1, revision: 1 },
  { kind: 'published', assetId, version: 1, revision: 2 },
  { kind: 'extracted', assetId, version: 1, renditionId: 't0', cueCount: 3, warnings: [] },
  { kind: 'measured', assetId, version: 1, rungs: [] },
  { kind: 'analyzed', assetId, version: 1, renditions, units, savings: [] },
  ...[0, 1].map(
    (firstSegment): OutcomePayload => ({
      kind: 'stored',
      assetId,
      version: 1,
      segments: [{ renditionId: 'v240', firstSegment, sizesBytes: [1], keyframeBytes: [1] }],
    }),
  ),
  ...units.flatMap((unit) =>
    [1, 2].map(
      (fence): OutcomePayload => ({
        kind: 'stored',
        assetId,
        version: 1,
        segments: [{ renditionId: 'v240', firstSegment: 0, sizesBytes: [1] }],
        unit: { id: unit.id, fence },
      }),
    ),
  ),
  ...units.map((unit): OutcomePayload => ({ ...failed, job: 'encode', unitId: unit.id })),
  { ...failed, job: 'urgent', renditionId: 'v240', number: 0 },
  { ...failed, job: 'urgent', renditionId: 'v240', number: 1 },
];

describe('job keys', () => {
  const encodes = units.flatMap((unit) => [1, 2].map((fence) => ({ ...work, source, timeline, renditions, unit, fence })));
  const segments = renditions.flatMap((rendition) =>
    [0, 1].map((number) => ({ ...work, source, timeline, rendition, number, isAhead: false })),
  );
  const keys = {
    probe: [probeJob.key(probe), probeJob.key({ ...probe, version: 2 })],
    encode: encodes.map((payload) => encodeJob.key(payload)),
    urgent: segments.map((payload) => urgentJob.key(payload)),
    publish: [1, 2].map((revision) => publishJob.key({ assetId, version: 1, revision, timeline, renditions, measured: [] })),
    analyze: [analyzeJob.key({ ...work, source, timeline, renditions })],
    measure: [measureJob.key({ ...work, source, timeline, renditions })],
    poster: [posterJob.key({ ...work, source })],
    purge: [purgeJob.key({ assetId, prefixes: [mediaPrefix(assetId)] })],
    outcome: outcomes.map(outcomeJob.key),
  };

  it.each(Object.entries(keys))('of %s are different for different work and fit BullMQ', (_, ofJob) => {
    expect(new Set(ofJob).size).toBe(ofJob.length);
    // BullMQ refuses ids with a colon and ids that read as integers.
    for (const key of ofJob) expect(key).toMatch(/^(?=.*[a-z_])[A-Za-z0-9._-]+$/);
  });

  it('depend on what the work is and on nothing else', () => {
    const [encode] = encodes;
    if (encode === undefined) throw new Error('no unit');
    expect(encodeJob.key({ ...encode, sizeBytes: 99, sha256: 'x' })).toBe(encodeJob.key(encode));
  });

  it('bring a viewer and what follows together, the viewer first', () => {
    const [segment] = segments;
    if (segment === undefined) throw new Error('no segment');
    expect(urgentJob.key({ ...segment, isAhead: true })).toBe(urgentJob.key(segment));
    expect(urgentJob.priority?.(segment)).toBeLessThan(urgentJob.priority?.({ ...segment, isAhead: true }) ?? 0);
  });

  it('name each queue once', () => {
    const names = Object.values(WORK_JOBS).map(({ name }) => name);
    expect(names).toEqual(Object.keys(WORK_JOBS));
    expect(names).not.toContain(outcomeJob.name);
  });
});

describe('payloads', () => {
  it.each(outcomes.slice(0, 5))('survive the queue: $kind', (outcome) => {
    expect(outcomeJob.payload.parse(JSON.parse(JSON.stringify(outcome)))).toEqual(outcome);
  });

  it.each([{}, { ...work, assetId: 'x' }, { ...work, version: 0 }, { ...work, sizeBytes: -1 }, null])('refuse %j', (payload) => {
    expect(probeJob.payload.safeParse(payload).success).toBe(false);
  });

  it('never let a purge take more than one asset’s folder', () => {
    expect(purgeJob.payload.safeParse({ assetId, prefixes: ['media/'] }).success).toBe(false);
    expect(purgeJob.payload.safeParse({ assetId, prefixes: [mediaPrefix(assetId)] }).success).toBe(true);
  });
});
