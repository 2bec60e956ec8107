import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, describe, expect, test } from 'vitest';
import type { AssetRow } from '../db/schema.ts';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { failedOutcome, type Probed, probedOutcome, SOURCE, storedOutcomes } from '../testing/outcomes.ts';

const { insertPlayable, lettersOf, publishOf, rowOf, tasksOf, unitsOf, writeAll, close } = await openOutcomeDatabase();
afterAll(close);

describe('premium', () => {
  const premium = ({ id }: AssetRow): Probed => probedOutcome(id, 1, SOURCE, { quality: 'premium' });
  const plus = probedOutcome;

  test('is not ready before its analysis has chosen the ladder', async () => {
    const { asset, probed } = await insertPlayable(premium);
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
    const { asset, probed } = await insertPlayable(premium);
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
