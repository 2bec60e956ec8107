import { isExtra } from '@mediaflow/shared/rendition';
import { afterAll, describe, expect, test } from 'vitest';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { probedOutcome, SOURCE, SUBTITLED } from '../testing/outcomes.ts';

const { db, insertPlayable, rowOf, tasksOf, unitsOf, eventsOf, write, close } = await openOutcomeDatabase();
afterAll(close);

describe('probed', () => {
  test('writes the units down to wait for their turn, and asks for the rest', async () => {
    const { asset, probed } = await insertPlayable(({ id }) => probedOutcome(id, 1, SUBTITLED, { secondCodec: 'av1' }));
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
    const { asset } = await insertPlayable(({ id }) => probedOutcome(id, 1, { ...SOURCE, warnings }));
    expect(await rowOf(asset)).toMatchObject({ warnings });
  });

  test('sound alone has no poster', async () => {
    const { video: _, ...sound } = SOURCE;
    const { asset } = await insertPlayable(({ id }) => probedOutcome(id, 1, sound));
    expect([...(await tasksOf(asset)).keys()]).toEqual(['probe']);
  });

  test('a second probe ends its own task and changes nothing', async () => {
    const { asset, probed } = await insertPlayable();
    await db.updateTable('tasks').set({ done_at: null }).where('asset_id', '=', asset.id).where('id', '=', 'probe').execute();
    await write(probed);
    expect((await tasksOf(asset)).get('probe')?.done_at).not.toBeNull();
    expect((await eventsOf(asset)).filter((type) => type === 'playable')).toHaveLength(1);
  });
});
