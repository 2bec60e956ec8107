import { createUploadSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { signGrant } from '@mediaflow/shared/grant';
import { newUploadId, uploadIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import type { UploadRow } from '../db/schema.ts';
import { cancelUpload, findAccountUpload, insertUpload, listUploads } from '../db/uploads.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentUpload } from '../present/upload.ts';
import { stringifyUploadPath } from '../upload/path.ts';
import { notFound, readBody, readId, readListQuery } from './input.ts';

/** `/video/v1/uploads` */
export function createUploadRoutes({ db, grantKey, uploadUrl, uploads }: Dependencies): Hono<OriginEnv> {
  const present = async (row: UploadRow) =>
    presentUpload(row, uploadUrl + stringifyUploadPath({ grant: await signGrant(grantKey, row.id) }));

  return new Hono<OriginEnv>()
    .post('/', async (context) => {
      const body = await readBody(context, createUploadSchema);
      const now = new Date();
      const row = await insertUpload(db, {
        id: newUploadId(),
        account_id: context.get('accountId'),
        status: 'waiting',
        timeout_seconds: body.timeout,
        cors_origin: body.cors_origin ?? null,
        settings: JSON.stringify(body.new_asset_settings ?? {}),
        created_at: now,
        last_byte_at: now,
      });
      return context.json({ data: await present(row) }, 201);
    })
    .get('/', async (context) => {
      const rows = await listUploads(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: await Promise.all(rows.map(present)) });
    })
    .get('/:id', async (context) => {
      const row = await findAccountUpload(db, context.get('accountId'), readId(context, 'id', uploadIdSchema));
      if (row === undefined) throw notFound();
      return context.json({ data: await present(row) });
    })
    .put('/:id/cancel', async (context) => {
      const row = await cancelUpload(db, context.get('accountId'), readId(context, 'id', uploadIdSchema));
      if (row === undefined) throw notFound();
      if (row.status !== 'cancelled') throw new AppError('conflict', `Only a waiting upload can be cancelled; this one is ${row.status}.`);
      uploads.sweepSoon();
      return context.json({ data: await present(row) });
    });
}
