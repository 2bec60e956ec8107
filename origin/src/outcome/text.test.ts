import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { afterAll, describe, expect, test } from 'vitest';
import type { AssetRow } from '../db/schema.ts';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { failedOutcome, type Probed, probedOutcome, SUBTITLED, storedOutcomes } from '../testing/outcomes.ts';

const { insertPlayable, lettersOf, publishOf, rowOf, writeAll, close } = await openOutcomeDatabase();
afterAll(close);

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
    const { asset, probed } = await insertPlayable(subtitled);
    await writeAll(storedOutcomes(probed));
    expect((await rowOf(asset)).status).toBe('preparing');
    await writeAll([extracted(asset), extracted(asset)]);
    const row = await rowOf(asset);
    expect(row.status).toBe('ready');
    expect(row.stored_segments).toBe(row.total_segments);
    expect((await publishOf(asset, 1)).renditions.map(({ id }) => id)).toContain('t0');
  });

  test('that cannot be read are left out with a warning', async () => {
    const { asset, probed } = await insertPlayable(subtitled);
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
