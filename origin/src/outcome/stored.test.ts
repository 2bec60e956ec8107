import { afterAll, describe, expect, test } from 'vitest';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { storedOutcomes, urgentOutcome } from '../testing/outcomes.ts';

const { db, insertPlayable, publishOf, rowOf, tasksOf, unitsOf, eventsOf, write, writeAll, close } = await openOutcomeDatabase();
afterAll(close);

describe('stored', () => {
  test('all outcomes twice, at once and in any order make the asset ready exactly once', async () => {
    const { asset, probed } = await insertPlayable();
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
    const { asset, probed } = await insertPlayable();
    const [last, ...others] = storedOutcomes(probed);
    if (last === undefined) throw new Error('no unit planned');
    await writeAll(others);
    expect((await rowOf(asset)).status).toBe('preparing');
    await Promise.all([write(last), write({ ...last, unit: { id: last.unit?.id ?? '', fence: 2 } })]);
    expect((await eventsOf(asset)).filter((type) => type === 'ready')).toHaveLength(1);
  });

  test('a segment made on demand and again in the background counts once', async () => {
    const { asset, probed } = await insertPlayable();
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
    const { asset, probed } = await insertPlayable();
    const all = probed.renditions.flatMap(({ id }) => Array.from({ length: 8 }, (_, number) => urgentOutcome(asset.id, id, number)));
    await writeAll(all.toReversed());
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
  });

  test('a unit under an old fence counts as well: its segments are stored', async () => {
    const { asset, probed } = await insertPlayable();
    await db.updateTable('units').set({ fence: 7 }).where('asset_id', '=', asset.id).execute();
    await writeAll(storedOutcomes(probed, 6));
    expect(await rowOf(asset)).toMatchObject({ status: 'ready' });
  });

  test('a ready asset takes a segment that was made again', async () => {
    const { asset, probed } = await insertPlayable();
    await writeAll(storedOutcomes(probed));
    const before = await rowOf(asset);
    await write(urgentOutcome(asset.id, 'v720', 1));
    expect(await rowOf(asset)).toEqual(before);
  });

  test('a unit of which all is known and that is not done is done when it is reported again', async () => {
    const { asset, probed } = await insertPlayable();
    const [last, ...others] = storedOutcomes(probed);
    if (last === undefined) throw new Error('no unit planned');
    await writeAll(others);
    const [first] = others;
    await db
      .updateTable('units')
      .set({ done_at: null })
      .where('asset_id', '=', asset.id)
      .where('id', '=', first?.unit?.id ?? '')
      .execute();
    await write(last);
    expect(await rowOf(asset)).toMatchObject({ status: 'preparing' });
    if (first !== undefined) await write(first);
    const row = await rowOf(asset);
    expect(row).toMatchObject({ status: 'ready' });
    expect(row.stored_segments).toBe(row.total_segments);
  });

  test('segments and renditions that nobody planned are passed over', async () => {
    const { asset } = await insertPlayable();
    for (const outcome of [urgentOutcome(asset.id, 'v720', 8), urgentOutcome(asset.id, 'v2160', 0), urgentOutcome(asset.id, 'v720', 0, 2)])
      await write(outcome);
    expect(await rowOf(asset)).toMatchObject({ stored_segments: 0 });
  });

  test('the new revision states measured rates, and key frames for trick play', async () => {
    const { asset, probed } = await insertPlayable();
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
    const { asset, probed } = await insertPlayable();
    const [first, ...others] = storedOutcomes(probed);
    if (first === undefined) throw new Error('no unit planned');
    // Reported twice, counted once.
    await writeAll([first, first].map((outcome) => ({ ...outcome, pictures: { total: 400, damaged } })));
    await writeAll(others);
    expect(await rowOf(asset)).toMatchObject({ status, warnings, error_code: code });
  });

  test('progress is written down at most once for each per cent', async () => {
    const { asset, probed } = await insertPlayable();
    for (const outcome of storedOutcomes(probed)) await write(outcome);
    const events = await eventsOf(asset);
    expect(events.filter((type) => type === 'progress').length).toBeGreaterThan(2);
    expect(events.filter((type) => type === 'progress').length).toBeLessThanOrEqual(100);
  });
});
