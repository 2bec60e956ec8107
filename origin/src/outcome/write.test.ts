import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { afterAll, describe, expect, test } from 'vitest';
import { openOutcomeDatabase } from '../testing/outcome-database.ts';
import { failedOutcome, storedOutcomes } from '../testing/outcomes.ts';

const { insertPlayable, rowOf, tasksOf, write, writeAll, close } = await openOutcomeDatabase();
afterAll(close);

describe('writeOutcome', () => {
  test('the latest revision counts, in whatever order they are reported', async () => {
    const { asset, probed } = await insertPlayable();
    await writeAll(storedOutcomes(probed));
    const published = (revision: number): OutcomePayload => ({ kind: 'published', assetId: asset.id, version: 1, revision });
    for (const revision of [1, 3, 2, 3]) await write(published(revision));
    expect(await rowOf(asset)).toMatchObject({ playlist_revision: 3 });
    expect((await tasksOf(asset)).get('publish_1')?.done_at).not.toBeNull();
  });

  test('comparisons are kept by rung, and one that failed says so', async () => {
    const { asset } = await insertPlayable();
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
});
