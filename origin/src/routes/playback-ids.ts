import { playbackIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import { findPlaybackId } from '../db/playback-ids.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentPlaybackId } from '../present/asset.ts';
import { notFound, readId } from './input.ts';

/** `/video/v1/playback-ids`: which asset a playback id belongs to. */
export function createPlaybackIdRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/:pid', async (context) => {
    const row = await findPlaybackId(db, readId(context, 'pid', playbackIdSchema));
    if (row?.account_id !== context.get('accountId')) throw notFound();
    return context.json({ data: { ...presentPlaybackId(row), object: { type: 'asset', id: row.asset_id } } });
  });
}
