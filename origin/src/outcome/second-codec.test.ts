import { isExtra } from '@mediaflow/shared/rendition';
import { afterAll, describe, expect, test } from 'vitest';
import type { AssetRow } from '../db/schema.ts';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { failedOutcome, type Probed, probedOutcome, SOURCE, storedOutcomes } from '../testing/outcomes.ts';

const { handOutAll, insertPlayable, lettersOf, publishOf, rowOf, tasksOf, write, writeAll, close } = await openOutcomeDatabase();
afterAll(close);

/** What workers report of the first codec, and of the second. */
const outcomesByCodec = ({ assetId, version, units, renditions }: Probed) => {
  const extras = new Set(renditions.filter(isExtra).map(({ id }) => id));
  const isBase = ({ renditionIds }: Probed['units'][number]) => !renditionIds.some((id) => extras.has(id));
  return {
    first: storedOutcomes({ assetId, version, units: units.filter(isBase) }),
    second: storedOutcomes({ assetId, version, units: units.filter((unit) => !isBase(unit)) }),
  };
};

describe('a second codec', () => {
  const withSecond = ({ id }: AssetRow): Probed => probedOutcome(id, 1, SOURCE, { secondCodec: 'av1' });

  test('comes after the asset is ready, in a revision of its own', async () => {
    const { asset, probed } = await insertPlayable(withSecond);
    const { first, second } = outcomesByCodec(probed);
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
    const { asset, probed } = await insertPlayable(withSecond);
    const { first, second } = outcomesByCodec(probed);
    await writeAll(second);
    expect((await rowOf(asset)).status).toBe('preparing');
    await writeAll(first);
    expect((await publishOf(asset, 1)).renditions.some(isExtra)).toBe(true);
  });

  test('that cannot be made leaves the asset as it is', async () => {
    const { asset, probed } = await insertPlayable(withSecond);
    const { first, second } = outcomesByCodec(probed);
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
