import { type Asset, createAssetSchema, createPlaybackIdSchema, updateAssetSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { assetIdSchema, playbackIdSchema, uploadIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import { deleteAccountAsset, patchAsset } from '../asset-changes.ts';
import { findAccountAsset, listAssets } from '../db/assets.ts';
import { listPlaybackIds } from '../db/playback-ids.ts';
import type { AssetRow } from '../db/schema.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkExternal } from '../external/check-external.ts';
import { chooseExternal } from '../external/choose-external.ts';
import { rootOf } from '../external/external-root.ts';
import { refreshExternal, registerExternal } from '../external/register.ts';
import type { OriginEnv } from '../hono-env.ts';
import { addPlaybackId, removePlaybackId } from '../playback-id-changes.ts';
import { presentAsset, presentPlaybackId } from '../present/asset.ts';
import { withdrawWork } from '../withdraw-work.ts';
import { parseAssetCursor, stringifyAssetCursor } from './asset-cursor.ts';
import { createAssetEventsRoute } from './asset-events.ts';
import { createAssetQualityRoute } from './asset-quality.ts';
import { notFound, parseInput, readBody, readId, readListQuery } from './input.ts';

/** `/video/v1/assets` */
export function createAssetRoutes(dependencies: Dependencies): Hono<OriginEnv> {
  const { db, store } = dependencies;
  const present = async (rows: readonly AssetRow[]): Promise<readonly Asset[]> => {
    const playbackIds = await listPlaybackIds(
      db,
      rows.map(({ id }) => id),
    );
    return rows.map((row) =>
      presentAsset(
        row,
        playbackIds.filter(({ asset_id }) => asset_id === row.id),
      ),
    );
  };

  return new Hono<OriginEnv>()
    .get('/', async (context) => {
      const query = readListQuery(context);
      const uploadId = context.req.query('upload_id');
      // Mux's filter by a live stream, of which there is none here and so no asset: without it all would be of any stream.
      if (context.req.query('live_stream_id') !== undefined) return context.json({ data: [] });
      const rows = await listAssets(db, context.get('accountId'), {
        ...query,
        ...(query.cursor !== undefined && { after: parseAssetCursor(query.cursor) }),
        ...(uploadId !== undefined && { uploadId: parseInput(uploadIdSchema, uploadId) }),
      });
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      return context.json({ data: await present(rows), ...(last !== undefined && { next_cursor: stringifyAssetCursor(last) }) });
    })
    .post('/', async (context) => {
      const { file, settings } = await readBody(context, createAssetSchema);
      const accountId = context.get('accountId');
      const media = chooseExternal(file, rootOf(dependencies.externalRoot, accountId));
      const row = await registerExternal(db, accountId, await checkExternal(store, media), settings);
      const [data] = await present([row]);
      return context.json({ data }, 201);
    })
    .post('/:id/refresh', async (context) => {
      const asset = await findAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
      if (asset === undefined) throw notFound();
      if (asset.external === null) throw new AppError('conflict', 'Only an asset made from files in the bucket can be refreshed.');
      const { prefix, manifest } = asset.external;
      const row = await refreshExternal(db, asset.account_id, asset.id, await checkExternal(store, { prefix, manifest }));
      const [data] = await present([row]);
      return context.json({ data });
    })
    .get('/:id', async (context) => {
      const row = await findAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
      if (row === undefined) throw notFound();
      const [data] = await present([row]);
      return context.json({ data });
    })
    .patch('/:id', async (context) => {
      const id = readId(context, 'id', assetIdSchema);
      const row = await patchAsset(db, context.get('accountId'), id, await readBody(context, updateAssetSchema));
      const [data] = await present([row]);
      return context.json({ data });
    })
    .delete('/:id', async (context) => {
      const work = await deleteAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
      await withdrawWork(dependencies, work);
      return context.body(null, 204);
    })
    .post('/:id/playback-ids', async (context) => {
      const id = readId(context, 'id', assetIdSchema);
      const { policy } = await readBody(context, createPlaybackIdSchema);
      return context.json({ data: presentPlaybackId(await addPlaybackId(db, context.get('accountId'), id, policy)) }, 201);
    })
    .get('/:id/playback-ids/:pid', async (context) => {
      const row = await findAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
      const playbackId = readId(context, 'pid', playbackIdSchema);
      const found = row && (await listPlaybackIds(db, [row.id])).find(({ id }) => id === playbackId);
      if (found === undefined) throw notFound();
      return context.json({ data: presentPlaybackId(found) });
    })
    .delete('/:id/playback-ids/:pid', async (context) => {
      const id = readId(context, 'id', assetIdSchema);
      await removePlaybackId(db, context.get('accountId'), id, readId(context, 'pid', playbackIdSchema));
      return context.body(null, 204);
    })
    .route('/', createAssetEventsRoute(dependencies))
    .route('/', createAssetQualityRoute(dependencies));
}
