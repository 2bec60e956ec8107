import type { Log } from '@mediaflow/platform/log';
import { AppError, toErrorBody } from '@mediaflow/shared/errors';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { translateDatabaseError } from '../db/connect.ts';
import type { OriginEnv } from '../hono-env.ts';

/** The one place where an error becomes an answer. What is not ours is logged and said nothing about. */
export function createErrorHandler(log: Log): (error: Error, context: Context<OriginEnv>) => Response {
  return (error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    const translated = translateDatabaseError(error);
    const known = translated instanceof AppError ? translated : undefined;
    const status = known?.status ?? 500;
    if (status >= 500) {
      const request = { requestId: context.get('requestId'), traceId: context.get('traceId'), method: context.req.method };
      log.error({ err: error, ...request, path: context.req.path }, 'request failed');
    }
    if (known?.retryAfterSeconds !== undefined) context.header('retry-after', String(known.retryAfterSeconds));
    return context.json(toErrorBody(translated), status as ContentfulStatusCode);
  };
}
