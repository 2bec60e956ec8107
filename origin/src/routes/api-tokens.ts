import { createApiTokenSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { newTokenId, tokenIdSchema } from '@mediaflow/shared/ids';
import { Hono } from 'hono';
import { findLiveApiToken, insertApiToken, listLiveApiTokens, revokeApiToken } from '../db/api-tokens.ts';
import type { Dependencies } from '../dependencies.ts';
import { grantScopes } from '../grant-scopes.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentApiToken } from '../present/keys.ts';
import { generateTokenSecret, hashSecret } from '../secrets.ts';
import { notFound, readBody, readId, readListQuery } from './input.ts';

/** `/system/v1/api-tokens` */
export function createApiTokenRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>()
    .post('/', async (context) => {
      const { name, scopes } = await readBody(context, createApiTokenSchema);
      const creator = await findLiveApiToken(db, context.get('tokenId'));
      // Revoked within the minute that the principal lives: it must not leave a successor behind.
      if (creator === undefined) throw new AppError('unauthorized', 'The token was revoked.');
      const secret = generateTokenSecret();
      const row = await insertApiToken(db, {
        id: newTokenId(),
        account_id: context.get('accountId'),
        name,
        secret_sha256: hashSecret(secret),
        scopes: grantScopes(creator.scopes, scopes),
        created_at: new Date(),
      });
      return context.json({ data: presentApiToken(row, secret) }, 201);
    })
    .get('/', async (context) => {
      const rows = await listLiveApiTokens(db, context.get('accountId'), readListQuery(context));
      return context.json({ data: rows.map((row) => presentApiToken(row)) });
    })
    .delete('/:id', async (context) => {
      if (!(await revokeApiToken(db, context.get('accountId'), readId(context, 'id', tokenIdSchema)))) throw notFound();
      return context.body(null, 204);
    });
}
