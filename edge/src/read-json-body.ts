import { AppError } from '@mediaflow/shared/errors';
import { parseJsonBody } from '@mediaflow/shared/parse-json-body';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { EdgeEnv } from './context.ts';
import { limitBody } from './limit-body.ts';

/**
 * The body of a call that the edge answers itself. An empty body is `{}`. Anything but JSON is refused by its type: a form on another site
 * can send the other types without asking.
 */
export async function readJsonBody<T>(c: Context<EdgeEnv>, schema: z.ZodType<T>): Promise<T> {
  const body = await limitBody(c.req.raw);
  const type = c.req.header('content-type') ?? '';
  const isEmpty = body === null || body.length === 0;
  if (!isEmpty && !/^application\/json\b/i.test(type)) throw new AppError('unsupported_media_type', 'Send application/json.');
  const parsed = schema.safeParse(isEmpty ? {} : parseJsonBody(body, type));
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new AppError('invalid_parameters', messages.join('; '));
}
