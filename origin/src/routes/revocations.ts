import { createRevocationSchema } from '@mediaflow/shared/api';
import { Hono } from 'hono';
import { findRevocation, listRevocations } from '../db/revocations.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentRevocation } from '../present/revocation.ts';
import { liftRevocation, revoke } from '../revocation-changes.ts';
import { notFound, readBody, readListQuery } from './input.ts';

/** `/system/v1/revocations`: what plays no more although it was signed to. */
export function createRevocationRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>()
    .post('/', async (context) => {
      const { object } = await readBody(context, createRevocationSchema);
      return context.json({ data: presentRevocation(await revoke(db, context.get('accountId'), object)) }, 201);
    })
    .get('/', async (context) => {
      const rows = await listRevocations(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: rows.map(presentRevocation) });
    })
    .get('/:id', async (context) => {
      const row = await findRevocation(db, context.get('accountId'), context.req.param('id'));
      if (row === undefined) throw notFound();
      return context.json({ data: presentRevocation(row) });
    })
    .delete('/:id', async (context) => {
      await liftRevocation(db, context.get('accountId'), context.req.param('id'));
      return context.body(null, 204);
    });
}
