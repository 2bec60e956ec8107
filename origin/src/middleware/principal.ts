import { AppError } from '@mediaflow/shared/errors';
import { PRINCIPAL_HEADER, type Principal, verifyPrincipal } from '@mediaflow/shared/principal';
import type { HmacKey } from '@mediaflow/shared/signed';
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { OriginEnv } from '../hono-env.ts';

/** For management routes: the edge says which account and token the request acts for. */
export function requireToken(key: HmacKey): MiddlewareHandler<OriginEnv> {
  return createMiddleware<OriginEnv>(async function requireToken(context, next) {
    const principal = await readPrincipal(key, context);
    if (principal?.kind !== 'token') throw unauthorized();
    context.set('accountId', principal.accountId);
    context.set('tokenId', principal.tokenId);
    await next();
  });
}

/** For `/internal`: only the edge and the launcher themselves. */
export function requireService(key: HmacKey): MiddlewareHandler<OriginEnv> {
  return createMiddleware<OriginEnv>(async function requireService(context, next) {
    const principal = await readPrincipal(key, context);
    if (principal?.kind !== 'service') throw unauthorized();
    await next();
  });
}

async function readPrincipal(key: HmacKey, context: Context): Promise<Principal | undefined> {
  const text = context.req.header(PRINCIPAL_HEADER);
  return text === undefined ? undefined : verifyPrincipal(key, text, Date.now() / 1000);
}

const unauthorized = (): AppError => new AppError('unauthorized', 'The request carries no valid credential.');
