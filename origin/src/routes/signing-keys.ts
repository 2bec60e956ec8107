import { createSigningKeySchema } from '@mediaflow/shared/api';
import { signingKeyIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import { findAccountSigningKey, listSigningKeys } from '../db/signing-keys.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentSigningKey } from '../present/keys.ts';
import { addSigningKey, removeSigningKey } from '../signing-key-changes.ts';
import { notFound, readBody, readId, readListQuery } from './input.ts';

/** `/system/v1/signing-keys` */
export function createSigningKeyRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>()
    .post('/', async (context) => {
      const { algorithm } = await readBody(context, createSigningKeySchema);
      const { row, privateKey } = await addSigningKey(db, context.get('accountId'), algorithm);
      return context.json({ data: presentSigningKey(row, privateKey) }, 201);
    })
    .get('/', async (context) => {
      const rows = await listSigningKeys(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: rows.map((row) => presentSigningKey(row)) });
    })
    .get('/:id', async (context) => {
      const row = await findAccountSigningKey(db, context.get('accountId'), readId(context, 'id', signingKeyIdSchema));
      if (row === undefined) throw notFound();
      return context.json({ data: presentSigningKey(row) });
    })
    .delete('/:id', async (context) => {
      await removeSigningKey(db, context.get('accountId'), readId(context, 'id', signingKeyIdSchema));
      return context.body(null, 204);
    });
}
