import { Hono } from 'hono';
import { listDeadLetters } from '../db/dead-letters.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentDeadLetter } from '../present/dead-letter.ts';
import { replayDeadLetter } from '../replay-dead-letter.ts';
import { readListQuery } from './input.ts';

/** `/system/v1/dead-letters`: jobs that were given up, and once more. */
export function createDeadLetterRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>()
    .get('/', async (context) => {
      const rows = await listDeadLetters(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: rows.map(presentDeadLetter) });
    })
    .post('/:id/replay', async (context) => {
      const row = await replayDeadLetter(db, context.get('accountId'), context.req.param('id'));
      return context.json({ data: presentDeadLetter(row) }, 202);
    });
}
