import { describe, expect, it } from 'vitest';
import { newAssetId } from './ids.ts';
import { encodeJob, type OutcomePayload, outcomeJob, posterJob, probeJob, purgeJob, WORK_JOBS } from './jobs.ts';
import { mediaPrefix } from './keys.ts';
import { planRenditions } from './ladder.ts';
import { makeSource } from './testing/sources.ts';
import { fixTimeline } from './timeline.ts';
import { planUnits } from './units.ts';

const assetId = newAssetId();
const work = { assetId, version: 1, sourceKey: 'sources/u/1', sizeBytes: 10 };
const source = makeSource({ videoSeconds: 30, audioSeconds: 30 });
const timeline = fixTimeline(source);
const renditions = [...planRenditions(source, timeline)];
const units = [...planUnits(timeline, renditions)];
const failed = { kind: 'failed', assetId, version: 1, error: { code: 'corrupt', message: 'm', details: {} } } as const;

const outcomes: OutcomePayload[] = [
  { kind: 'probed', assetId, version: 1, source, timeline, renditions, units },
  { kind: 'poster', assetId, version: 1 },
  { ...failed, job: 'probe' },
  { ...failed, job: 'poster' },
  ...units.map((unit): OutcomePayload => ({ kind: 'encoded', assetId, version: 1, unitId: unit.id, segments: [] })),
  ...units.map((unit): OutcomePayload => ({ ...failed, job: 'encode', unitId: unit.id })),
];

describe('job keys', () => {
  const encodes = units.map((unit) => ({ ...work, source, timeline, renditions, unit }));
  const keys = {
    probe: [probeJob.key(work), probeJob.key({ ...work, version: 2 })],
    encode: encodes.map(encodeJob.key),
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
