import { AppError } from '@mediaflow/shared/errors';
import { Hono } from 'hono';
import { findAccount } from '../db/accounts.ts';
import { findLiveApiToken } from '../db/api-tokens.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentWhoami } from '../present/keys.ts';

/** `/system/v1/whoami` */
export function createWhoamiRoutes({ db }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/', async (context) => {
    const [account, token] = await Promise.all([findAccount(db, context.get('accountId')), findLiveApiToken(db, context.get('tokenId'))]);
    // Revoked within the minute that the principal lives.
    if (account === undefined || token?.account_id !== account.id) throw new AppError('unauthorized', 'The token was revoked.');
    return context.json({ data: presentWhoami(account, token) });
  });
}
