import { AppError } from '@mediaflow/shared/errors';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

/** What any part of the edge takes. `TRACE` would echo credentials, and the rest nobody here answers. */
export const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** 405 with `Allow` for all methods but these. */
export const allowMethods = (...methods: readonly string[]) =>
  createMiddleware<EdgeEnv>((c, next) => {
    assertMethod(c, methods);
    return next();
  });

export function assertMethod(c: Context<EdgeEnv>, methods: readonly string[]): void {
  if (methods.includes(c.req.method)) return;
  c.header('allow', methods.join(', '));
  throw new AppError('method_not_allowed', `${c.req.method} is not allowed here.`);
}
