import { AppError } from '@mediaflow/shared/errors';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { EdgeEnv } from './context.ts';
import { limitBody } from './limit-body.ts';

/**
 * The body of a call that the edge answers itself. An empty body is `{}`. Anything but JSON is refused by its type: a form on another site
 * can send the other types without asking.
 */
export async function readJsonBody<T>(c: Context<EdgeEnv>, schema: z.ZodType<T>): Promise<T> {
  const text = await new Response(await limitBody(c.req.raw)).text();
  const type = c.req.header('content-type') ?? '';
  if (text !== '' && !/^application\/json\b/i.test(type)) throw new AppError('unsupported_media_type', 'Send application/json.');
  const parsed = schema.safeParse(parseJson(text === '' ? '{}' : text));
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new AppError('invalid_parameters', messages.join('; '));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_parameters', 'The body is not JSON.', { cause });
  }
}
