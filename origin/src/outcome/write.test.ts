import { createLog } from '@mediaflow/platform/log';
import type { OutcomePayload, PublishPayload } from '@mediaflow/shared/jobs';
import { isExtra } from '@mediaflow/shared/rendition';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../db/connect.ts';
import type { AssetRow, Db, TaskRow, UnitRow } from '../db/schema.ts';
import { failedOutcome, type Probed, probedOutcome, SOURCE, SUBTITLED, storedOutcomes, urgentOutcome } from '../testing/outcomes.ts';
import { insertTestAsset } from '../testing/test-asset.ts';
import { createDatabase, type TestDatabase } from '../testing/test-origin.ts';
import { writeOutcome } from './write.ts';

const log = createLog('test', 'silent');
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, log);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const write = (outcome: OutcomePayload): Promise<void> => writeOutcome(db, outcome, log);
const writeAll = async (outcomes: readonly OutcomePayload[]): Promise<void> => void (await Promise.all(outcomes.map(write)));
const rowOf = ({ id }: AssetRow): Promise<AssetRow> => db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const unitsOf = ({ id }: AssetRow): Promise<UnitRow[]> =>
  db.selectFrom('units').selectAll().where('asset_id', '=', id).orderBy('position').orderBy('id').execute();
const tasksOf = async ({ id }: AssetRow): Promise<ReadonlyMap<string, TaskRow>> => {
  const rows = await db.selectFrom('tasks').selectAll().where('asset_id', '=', id).execute();
  return new Map(rows.map((row) => [row.id, row]));
};
const eventsOf = async ({ id }: AssetRow): Promise<string[]> =>
  (await db.selectFrom('events').select('type').where('asset_id', '=', id).orderBy('id').execute()).map(({ type }) =>
    type.slice('video.asset.'.length),
  );
const lettersOf = ({ id }: AssetRow) => db.selectFrom('dead_letters').selectAll().where('asset_id', '=', id).execute();
const publishOf = async (asset: AssetRow, revision: number): Promise<PublishPayload> =>
  (await tasksOf(asset)).get(`publish_${revision}`)?.payload as PublishPayload;

/** An asset whose probe has come in. */
async function playable(probe: (asset: AssetRow) => Probed = ({ id }) => probedOutcome(id)): Promise<{ asset: AssetRow; probed: Probed }> {
  const asset = await insertTestAsset(db);
  const probed = probe(asset);
  await write(probed);
  return { asset, probed };
}
/** As after the first hand-out of everything. */
const handOutAll = ({ id }: AssetRow) =>
  db.updateTable('units').set({ fence: 1, enqueued_at: new Date() }).where('asset_id', '=', id).execute();
const base = ({ assetId, version, units, renditions }: Probed) => {
  const extras = new Set(renditions.filter(isExtra).map(({ id }) => id));
  const isBase = ({ renditionIds }: Probed['units'][number]) => !renditionIds.some((id) => extras.has(id));
  return {
    first: storedOutcomes({ assetId, version, units: units.filter(isBase) }),
    second: storedOutcomes({ assetId, version, units: units.filter((unit) => !isBase(unit)) }),
  };
};

describe('probed', () => {
  test('writes the units down to wait for their turn, and asks for the rest', async () => {
    const { asset, probed } = await playable(({ id }) => probedOutcome(id, 1, SUBTITLED, { secondCodec: 'av1' }));
    const units = await unitsOf(asset);
    expect(units).toHaveLength(probed.units.length);
    for (const unit of units) expect(unit).toMatchObject({ enqueued_at: null, fence: 0, position: unit.unit.priority, done_at: null });
    expect(units.filter(({ is_extra }) => is_extra).map(({ unit }) => unit.renditionIds)).toContainEqual(
      ['v720-av1', 'v480-av1', 'v360-av1'].filter((id) => probed.renditions.some((rendition) => rendition.id === id)),
    );
    const tasks = await tasksOf(asset);
    expect([...tasks.keys()].toSorted()).toEqual(['poster', 'probe', 'text_t0']);
    expect(tasks.get('probe')?.done_at).not.toBeNull();
    // Eight segments of each rendition of the first codec, and one of text.
    const owed = probed.renditions.filter((rendition) => rendition.kind !== 'text' && !isExtra(rendition)).length * 8 + 1;
    expect(await rowOf(asset)).toMatchObject({ total_segments: owed, stored_segments: 0, playlist_revision: 0, status: 'preparing' });
    const urgent = await db
      .selectFrom('outbox')
      .select('payload')
      .where('job', '=', 'urgent')
      .where('payload', '@>', JSON.stringify({ assetId: asset.id }))
      .execute();
    expect(urgent.map(({ payload }) => payload)).toMatchObject([
      { rendition: { id: 'v240' }, number: 0, isAhead: false },
      { rendition: { id: 'a0' }, number: 0, isAhead: false },
    ]);
  });

  test('what was wrong with the file is shown on the asset', async () => {
    const warnings = [{ type: 'truncated', message: 'The end of the file is missing.' }];
    const { asset } = await playable(({ id }) => probedOutcome(id, 1, { ...SOURCE, warnings }));
    expect(await rowOf(asset)).toMatchObject({ warnings });
  });

  test('sound alone has no poster', async () => {
    const { video: _, ...sound } = SOURCE;
    const { asset } = await playable(({ id }) => probedOutcome(id, 1, sound));
    expect([...(await tasksOf(asset)).keys()]).toEqual(['probe']);
  });

  test('a second probe ends its own task and changes nothing', async () => {
    const { asset, probed } = await playable();
    await db.updateTable('tasks').set({ done_at: null }).where('asset_id', '=', asset.id).where('id', '=', 'probe').execute();
    await write(probed);
    expect((await tasksOf(asset)).get('probe')?.done_at).not.toBeNull();
    expect((await eventsOf(asset)).filter((type) => type === 'playable')).toHaveLength(1);
  });
});

describe('stored', () => {
  test('all outcomes twice, at once and in any order make the asset ready exactly once', async () => {
    const { asset, probed } = await playable();
    const outcomes = storedOutcomes(probed);
    await writeAll([...outcomes, ...outcomes.toReversed()]);
    const row = await rowOf(asset);
    expect(row).toMatchObject({ status: 'ready', ready_at: expect.any(Date) });
    expect(row.stored_segments).toBe(row.total_segments);
    const events = await eventsOf(asset);
    expect(events.filter((type) => type === 'ready')).toHaveLength(1);
    expect(events.at(-1)).toBe('ready');
    expect([...(await tasksOf(asset)).keys()].filter((id) => id.startsWith('publish'))).toEqual(['publish_1']);
  });

  test('two outcomes at once that finish the last unit make it ready once', async () => {
    const { asset, probed } = await playable();
    const [last, ...others] = storedOutcomes(probed);
    if (last === undefined) throw new Error('no unit planned');
    await writeAll(others);
    expect((await rowOf(asset)).status).toBe('preparing');
    await Promise.all([write(last), write({ ...last, unit: { id: last.unit?.id ?? '', fence: 2 } })]);
    expect((await eventsOf(asset)).filter((type) => type === 'ready')).toHaveLength(1);
  });

  test('a segment made on demand and again in the background counts once', async () => {
    const { asset, probed } = await playable();
    await write(urgentOutcome(asset.id, 'v720', 1));
    await write(urgentOutcome(asset.id, 'v720', 1));
    expect(await rowOf(asset)).toMatchObject({ stored_segments: 1, status: 'preparing' });
    const holder = (await unitsOf(asset)).find(({ sizes_bytes }) => sizes_bytes !== null);
    expect(holder).toMatchObject({ done_at: null, unit: { firstSegment: 0 } });
    await writeAll(storedOutcomes(probed));
    const row = await rowOf(asset);
    expect(row).toMatchObject({ status: 'ready' });
    expect(row.stored_segments).toBe(row.total_segments);
  });

  test('an asset that viewers have watched from end to end is ready without a background unit', async () => {
    const { asset, probed } = await playable();
    const all = probed.renditions.flatMap(({ id }) => Array.from({ length: 8 }, (_, number) => urgentOutcome(asset.id, id, number)));
    await writeAll(all.toReversed());
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
  });

  test('a unit under an old fence counts as well: its segments are stored', async () => {
    const { asset, probed } = await playable();
    await db.updateTable('units').set({ fence: 7 }).where('asset_id', '=', asset.id).execute();
    await writeAll(storedOutcomes(probed, 6));
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
  });

  test('a ready asset takes a segment that was made again', async () => {
    const { asset, probed } = await playable();
    await writeAll(storedOutcomes(probed));
    const before = await rowOf(asset);
    await write(urgentOutcome(asset.id, 'v720', 1));
    expect(await rowOf(asset)).toEqual(before);
  });

  test('segments and renditions that nobody planned are passed over', async () => {
    const { asset } = await playable();
    for (const outcome of [urgentOutcome(asset.id, 'v720', 8), urgentOutcome(asset.id, 'v2160', 0), urgentOutcome(asset.id, 'v720', 0, 2)])
      await write(outcome);
    expect(await rowOf(asset)).toMatchObject({ stored_segments: 0 });
  });

  test('the new revision states measured rates, and key frames for trick play', async () => {
    const { asset, probed } = await playable();
    await writeAll(storedOutcomes(probed));
    const { renditions, measured } = await publishOf(asset, 1);
    expect(renditions).toEqual(probed.renditions);
    expect(measured.map(({ renditionId }) => renditionId)).toEqual(probed.renditions.map(({ id }) => id));
    expect(measured[0]).toMatchObject({
      averageBitrateBps: Math.ceil(64_000 / 30),
      peakBitrateBps: 4_000,
      keyframeBytes: new Array(8).fill(300),
    });
    expect((await rowOf(asset)).measured?.[0]).toEqual({
      renditionId: 'v720',
      averageBitrateBps: Math.ceil(64_000 / 30),
      peakBitrateBps: 4_000,
    });
  });

  test.each([
    [20, 'ready', [{ type: 'corrupt' }], null],
    [21, 'errored', [], 'corrupt'],
  ] as const)('%i damaged pictures of 400: %s', async (damaged, status, warnings, code) => {
    const { asset, probed } = await playable();
    const [first, ...others] = storedOutcomes(probed);
    if (first === undefined) throw new Error('no unit planned');
    // Reported twice, counted once.
    await writeAll([first, first].map((outcome) => ({ ...outcome, pictures: { total: 400, damaged } })));
    await writeAll(others);
    expect(await rowOf(asset)).toMatchObject({ status, warnings, error_code: code });
  });

  test('progress is written down at most once for each per cent', async () => {
    const { asset, probed } = await playable();
    for (const outcome of storedOutcomes(probed)) await write(outcome);
    const events = await eventsOf(asset);
    expect(events.filter((type) => type === 'progress').length).toBeGreaterThan(2);
    expect(events.filter((type) => type === 'progress').length).toBeLessThanOrEqual(100);
  });
});

describe('a second codec', () => {
  const withSecond = ({ id }: AssetRow): Probed => probedOutcome(id, 1, SOURCE, { secondCodec: 'av1' });

  test('comes after the asset is ready, in a revision of its own', async () => {
    const { asset, probed } = await playable(withSecond);
    const { first, second } = base(probed);
    await writeAll(first);
    const ready = await rowOf(asset);
    expect(ready.status).toBe('ready');
    expect(ready.stored_segments).toBe(ready.total_segments);
    expect((await publishOf(asset, 1)).renditions.some(isExtra)).toBe(false);
    await writeAll([...second, ...second]);
    expect((await publishOf(asset, 2)).renditions.filter(isExtra)).toEqual(probed.renditions.filter(isExtra));
    expect([...(await tasksOf(asset)).keys()]).not.toContain('publish_3');
    expect((await rowOf(asset)).stored_segments).toBe(ready.stored_segments);
  });

  test('that is there first is listed when the asset becomes ready', async () => {
    const { asset, probed } = await playable(withSecond);
    const { first, second } = base(probed);
    await writeAll(second);
    expect((await rowOf(asset)).status).toBe('preparing');
    await writeAll(first);
    expect((await publishOf(asset, 1)).renditions.some(isExtra)).toBe(true);
  });

  test('that cannot be made leaves the asset as it is', async () => {
    const { asset, probed } = await playable(withSecond);
    const { first, second } = base(probed);
    await handOutAll(asset);
    await writeAll(first);
    const unitId = second[0]?.unit?.id ?? '';
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 1 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
    expect(await lettersOf(asset)).toMatchObject([{ job: 'encode', work_id: unitId }]);
    await writeAll(second.slice(1));
    const last =
      [...(await tasksOf(asset)).keys()]
        .filter((id) => id.startsWith('publish'))
        .toSorted()
        .at(-1) ?? '';
    expect((await publishOf(asset, Number(last.slice('publish_'.length)))).renditions.some(isExtra)).toBe(false);
  });
});

describe('subtitles', () => {
  const subtitled = ({ id }: AssetRow): Probed => probedOutcome(id, 1, SUBTITLED);
  const extracted = (asset: AssetRow): OutcomePayload => ({
    kind: 'extracted',
    assetId: asset.id,
    version: 1,
    renditionId: 't0',
    cueCount: 3,
    warnings: [],
  });

  test('belong to what makes an asset ready', async () => {
    const { asset, probed } = await playable(subtitled);
    await writeAll(storedOutcomes(probed));
    expect((await rowOf(asset)).status).toBe('preparing');
    await writeAll([extracted(asset), extracted(asset)]);
    const row = await rowOf(asset);
    expect(row.status).toBe('ready');
    expect(row.stored_segments).toBe(row.total_segments);
    expect((await publishOf(asset, 1)).renditions.map(({ id }) => id)).toContain('t0');
  });

  test('that cannot be read are left out with a warning', async () => {
    const { asset, probed } = await playable(subtitled);
    await writeAll(storedOutcomes(probed));
    const failure = failedOutcome(asset.id, 'text', 'corrupt', { renditionId: 't0' });
    await writeAll([failure, failure]);
    const row = await rowOf(asset);
    expect(row).toMatchObject({ status: 'ready', warnings: [{ type: 'subtitles_dropped' }] });
    expect(row.stored_segments).toBe(row.total_segments);
    expect((await publishOf(asset, 1)).renditions.map(({ id }) => id)).not.toContain('t0');
    expect(await lettersOf(asset)).toHaveLength(1);
  });
});

describe('premium', () => {
  const premium = ({ id }: AssetRow): Probed => probedOutcome(id, 1, SOURCE, { quality: 'premium' });
  const plus = probedOutcome;

  test('is not ready before its analysis has chosen the ladder', async () => {
    const { asset, probed } = await playable(premium);
    await writeAll(storedOutcomes(probed));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing', is_analysis_due: true });
    expect((await tasksOf(asset)).get('analyze')?.done_at).toBeNull();

    const chosen = plus(asset.id).renditions.filter(({ id }) => id !== 'v480');
    const added = planUnits(
      probed.timeline,
      chosen.filter(({ id }) => !probed.renditions.some((known) => known.id === id)),
    );
    const saving = { renditionId: 'v720', ssim: 0.98, premiumBitrateBps: 1_000_000, plusBitrateBps: 1_500_000 };
    const analyzed: OutcomePayload = {
      kind: 'analyzed',
      assetId: asset.id,
      version: 1,
      renditions: chosen,
      units: added.map((unit) => ({ ...unit, renditionIds: [...unit.renditionIds] })),
      savings: [saving],
    };
    await writeAll([analyzed, analyzed]);
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing', is_analysis_due: false, quality: { savings: [saving] } });
    expect(await publishOf(asset, 1)).toMatchObject({ measured: [], renditions: chosen });
    await writeAll(storedOutcomes({ assetId: asset.id, version: 1, units: analyzed.units }));
    const row = await rowOf(asset);
    expect(row.status).toBe('ready');
    expect(row.stored_segments).toBe(row.total_segments);
    expect((await publishOf(asset, 2)).measured).toHaveLength(chosen.length);
  });

  test('plays with the standard ladder when its analysis is given up', async () => {
    const { asset, probed } = await playable(premium);
    const failure = failedOutcome(asset.id, 'analyze', 'worker_lost');
    await writeAll([failure, failure]);
    const { renditions } = await rowOf(asset);
    expect(renditions?.map(({ id }) => id)).toEqual(plus(asset.id).renditions.map(({ id }) => id));
    const [lowest] = probed.renditions;
    expect(renditions).toContainEqual(lowest);
    expect(await lettersOf(asset)).toHaveLength(1);
    const units = (await unitsOf(asset)).map(({ unit }) => ({ ...unit, renditionIds: [...unit.renditionIds] }));
    await writeAll(storedOutcomes({ assetId: asset.id, version: 1, units }));
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
  });
});

describe('the rest', () => {
  test('the latest revision counts, in whatever order they are reported', async () => {
    const { asset, probed } = await playable();
    await writeAll(storedOutcomes(probed));
    const published = (revision: number): OutcomePayload => ({ kind: 'published', assetId: asset.id, version: 1, revision });
    for (const revision of [1, 3, 2, 3]) await write(published(revision));
    expect(await rowOf(asset)).toMatchObject({ playlist_revision: 3 });
    expect((await tasksOf(asset)).get('publish_1')?.done_at).not.toBeNull();
  });

  test('comparisons are kept by rung, and one that failed says so', async () => {
    const { asset } = await playable();
    const measured = (renditionId: string, ssim: number): OutcomePayload => ({
      kind: 'measured',
      assetId: asset.id,
      version: 1,
      rungs: [{ renditionId, ssim, sampledSegments: 2 }],
    });
    await write(failedOutcome(asset.id, 'measure'));
    expect(await rowOf(asset)).toMatchObject({ quality: { isFailed: true }, status: 'preparing' });
    for (const outcome of [measured('v720', 0.9), measured('v240', 0.8), measured('v720', 0.95)]) await write(outcome);
    expect((await rowOf(asset)).quality).toEqual({
      rungs: [
        { renditionId: 'v240', ssim: 0.8, sampledSegments: 2 },
        { renditionId: 'v720', ssim: 0.95, sampledSegments: 2 },
      ],
    });
  });

  test('a failed probe ends the asset with the reason, once, and leaves a dead letter', async () => {
    const asset = await insertTestAsset(db);
    await write(failedOutcome(asset.id, 'probe'));
    await write(failedOutcome(asset.id, 'probe'));
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'not_media', error_message: 'This file is not a video.' });
    expect((await eventsOf(asset)).filter((type) => type === 'errored')).toHaveLength(1);
    expect(await lettersOf(asset)).toMatchObject([
      {
        job: 'probe',
        work_id: 'probe',
        attempts: 1,
        account_id: asset.account_id,
        error: { details: { argv: 'ffmpeg -i source', exitCode: 1, stderrTail: 'moov atom not found' } },
      },
    ]);
  });

  test('a unit fails under its present fence only', async () => {
    const { asset, probed } = await playable();
    await db.updateTable('units').set({ fence: 2, enqueued_at: new Date() }).where('asset_id', '=', asset.id).execute();
    const unitId = probed.units[0]?.id ?? '';
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 1 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    expect(await lettersOf(asset)).toEqual([]);
    await write(failedOutcome(asset.id, 'encode', 'encode_failed', { unitId, fence: 2 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'errored', error_code: 'encode_failed' });
  });

  test.each(['poster', 'urgent', 'publish'] as const)('a failed %s is noted, and the asset goes on', async (job) => {
    const { asset } = await playable();
    await write(failedOutcome(asset.id, job, 'internal', { renditionId: 'v720', number: 1 }));
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    expect(await lettersOf(asset)).toMatchObject([{ job }]);
  });
});
