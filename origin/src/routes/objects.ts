import { AppError } from '@mediaflow/shared/errors';
import { mediaContentType, parseMediaKey } from '@mediaflow/shared/keys';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { type Context, Hono } from 'hono';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { parseRange, stringifyContentRange } from '../range.ts';
import { notFound } from './input.ts';

const PREFIX = '/internal/objects/';

/** `GET`, `HEAD /internal/objects/{key}`: media for an edge without the bucket at hand. Sources are never served. */
export function createObjectRoutes({ store }: Pick<Dependencies, 'store'>): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/*', (context) => serveObject(context, store));
}

async function serveObject(context: Context<OriginEnv>, store: ObjectStore): Promise<Response> {
  const key = context.req.path.slice(PREFIX.length);
  const location = parseMediaKey(key);
  const info = location && (await store.head(key));
  if (location === undefined || info === undefined) throw notFound();

  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-type': mediaContentType(location.object),
    'content-length': String(info.sizeBytes),
    etag: info.etag,
  });
  const request = parseRange(context.req.header('range'), info.sizeBytes);
  if (request.kind === 'unsatisfiable') {
    context.header('content-range', `bytes */${info.sizeBytes}`);
    throw new AppError('range_not_satisfiable', 'The range lies outside the object.');
  }
  const range = request.kind === 'part' ? request.range : undefined;
  if (range !== undefined) {
    headers.set('content-range', stringifyContentRange(range, info.sizeBytes));
    headers.set('content-length', String(range.length));
  }
  const status = range === undefined ? 200 : 206;
  if (context.req.raw.method === 'HEAD') return new Response(null, { status, headers });
  const object = await store.get(key, range);
  if (object === undefined) throw notFound();
  return new Response(object.body, { status, headers });
}
