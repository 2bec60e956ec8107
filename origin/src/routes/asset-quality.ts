import { assetIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import { askForComparison, findUncompared } from '../comparison.ts';
import { findAccountAsset } from '../db/assets.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentQuality } from '../present/quality.ts';
import { notFound, readId } from './input.ts';

/** `/video/v1/assets/{id}/quality`: the comparison is made when somebody first asks for it. */
export function createAssetQualityRoute({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/:id/quality', async (context) => {
    const asset = await findAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
    if (asset === undefined) throw notFound();
    if (findUncompared(asset).length > 0) await askForComparison(db, asset);
    return context.json({ data: presentQuality(asset) });
  });
}
