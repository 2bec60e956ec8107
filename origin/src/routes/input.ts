import { type ListQuery, listQuerySchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { parseJsonBody } from '@mediaflow/shared/parse-json-body';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { OriginEnv } from '../hono-env.ts';

/** The JSON body in the schema's shape; no body counts as `{}`. @throws AppError `invalid_parameters` naming each wrong field */
export async function readBody<Schema extends z.ZodType>(context: Context<OriginEnv>, schema: Schema): Promise<z.output<Schema>> {
  return parseInput(schema, parseJsonBody(await readBytes(context), context.req.header('content-type')));
}

const MAX_BODY_BYTES = 1024 * 1024;

/** A body of unknown length is counted while it comes in. @throws AppError `payload_too_large` */
async function readBytes(context: Context<OriginEnv>): Promise<ArrayBuffer | Uint8Array> {
  const declared = context.req.header('content-length');
  if (declared !== undefined && Number(declared) > MAX_BODY_BYTES) throw bodyTooLarge();
  if (declared !== undefined) return context.req.arrayBuffer();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw bodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const bodyTooLarge = (): AppError => new AppError('payload_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);

/** `limit`, `page` and `cursor` of a list. */
export function readListQuery(context: Context<OriginEnv>): ListQuery {
  return parseInput(listQuerySchema, context.req.query());
}

/** An id of the path. What is not in the shape of one names nothing. @throws AppError `not_found` */
export function readId<Schema extends z.ZodType>(context: Context<OriginEnv>, name: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(context.req.param(name));
  if (parsed.success) return parsed.data;
  throw notFound();
}

export const notFound = (): AppError => new AppError('not_found', 'There is no such object.');

export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  throw new AppError('invalid_parameters', faults.join('; '));
}
