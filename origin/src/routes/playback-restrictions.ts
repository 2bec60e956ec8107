import { createPlaybackRestrictionSchema, referrerRulesSchema, userAgentRulesSchema } from '@mediaflow/shared/api';
import { newPlaybackRestrictionId, playbackRestrictionIdSchema } from '@mediaflow/shared/ids';
import { type Context, Hono } from 'hono';
import {
  deletePlaybackRestriction,
  findAccountPlaybackRestriction,
  insertPlaybackRestriction,
  listPlaybackRestrictions,
  updatePlaybackRestriction,
} from '../db/playback-restrictions.ts';
import type { PlaybackRestrictionRow } from '../db/schema.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentPlaybackRestriction } from '../present/playback-restriction.ts';
import { notFound, readBody, readId, readListQuery } from './input.ts';

/** `/video/v1/playback-restrictions` */
export function createPlaybackRestrictionRoutes({ db }: Dependencies): Hono<OriginEnv> {
  const findOwn = async (context: Context<OriginEnv>): Promise<PlaybackRestrictionRow> => {
    const id = readId(context, 'id', playbackRestrictionIdSchema);
    return (await findAccountPlaybackRestriction(db, context.get('accountId'), id)) ?? absent();
  };
  const present = (context: Context<OriginEnv>, row: PlaybackRestrictionRow, status: 200 | 201 = 200): Response =>
    context.json({ data: presentPlaybackRestriction(row) }, status);

  return new Hono<OriginEnv>()
    .post('/', async (context) => {
      const { referrer, user_agent } = await readBody(context, createPlaybackRestrictionSchema);
      const now = new Date();
      const row = await insertPlaybackRestriction(db, {
        id: newPlaybackRestrictionId(),
        account_id: context.get('accountId'),
        referrer: JSON.stringify(referrer),
        user_agent: JSON.stringify(user_agent),
        created_at: now,
        updated_at: now,
      });
      return present(context, row, 201);
    })
    .get('/', async (context) => {
      const rows = await listPlaybackRestrictions(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: rows.map(presentPlaybackRestriction) });
    })
    .get('/:id', async (context) => present(context, await findOwn(context)))
    .put('/:id/referrer', async (context) => {
      const { id } = await findOwn(context);
      const referrer = JSON.stringify(await readBody(context, referrerRulesSchema));
      return present(context, (await updatePlaybackRestriction(db, id, { referrer })) ?? absent());
    })
    .put('/:id/user_agent', async (context) => {
      const { id } = await findOwn(context);
      const user_agent = JSON.stringify(await readBody(context, userAgentRulesSchema));
      return present(context, (await updatePlaybackRestriction(db, id, { user_agent })) ?? absent());
    })
    .delete('/:id', async (context) => {
      const id = readId(context, 'id', playbackRestrictionIdSchema);
      if (!(await deletePlaybackRestriction(db, context.get('accountId'), id))) throw notFound();
      return context.body(null, 204);
    });
}

function absent(): never {
  throw notFound();
}
