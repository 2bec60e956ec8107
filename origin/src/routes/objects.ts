import { resolveRange, stringifyContentRange } from '@mediaflow/shared/byte-range';
import { AppError } from '@mediaflow/shared/errors';
import { externalContentType } from '@mediaflow/shared/external/content-type';
import { mediaContentType, parseMediaKey } from '@mediaflow/shared/keys';
import { isObjectKey, type ObjectStore } from '@mediaflow/shared/object-store';
import { type Context, Hono } from 'hono';
import { hasExternalPrefix } from '../db/assets.ts';
import type { Db } from '../db/schema.ts';
import type { Dependencies } from '../dependencies.ts';
import { parentPrefixes } from '../external/parent-prefixes.ts';
import type { OriginEnv } from '../hono-env.ts';
import { notFound } from './input.ts';

const PREFIX = '/internal/objects/';

/** `GET`, `HEAD /internal/objects/{key}`: media for an edge without the bucket at hand. Sources are never served. */
export function createObjectRoutes({ db, store }: Pick<Dependencies, 'db' | 'store'>): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/*', async (context) => {
    const key = context.req.path.slice(PREFIX.length);
    const contentType = await findContentType(db, key);
    if (contentType === undefined) throw notFound();
    return serveObject(context, store, key, contentType);
  });
}

/** Of our own media, and of what lies below a prefix that a customer registered; undefined for all that is not to be served. */
async function findContentType(db: Db, key: string): Promise<string | undefined> {
  const location = parseMediaKey(key);
  if (location !== undefined) return mediaContentType(location.object);
  const prefixes = isObjectKey(key) ? parentPrefixes(key) : [];
  if (prefixes.length === 0 || !(await hasExternalPrefix(db, prefixes))) return undefined;
  return externalContentType(key);
}

async function serveObject(context: Context<OriginEnv>, store: ObjectStore, key: string, contentType: string): Promise<Response> {
  const info = await store.head(key);
  if (info === undefined) throw notFound();

  const headers = new Headers({
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'content-length': String(info.sizeBytes),
    etag: info.etag,
  });
  const part = resolveRange(context.req.header('range'), info.sizeBytes);
  if (part === 'unsatisfiable') {
    context.header('content-range', `bytes */${info.sizeBytes}`);
    throw new AppError('range_not_satisfiable', 'The range lies outside the object.');
  }
  if (part !== undefined) {
    headers.set('content-range', stringifyContentRange(part, info.sizeBytes));
    headers.set('content-length', String(part.last - part.first + 1));
  }
  const status = part === undefined ? 200 : 206;
  if (context.req.raw.method === 'HEAD') return new Response(null, { status, headers });
  const object = await store.get(key, part && { offset: part.first, length: part.last - part.first + 1 });
  if (object === undefined) throw notFound();
  return new Response(object.body, { status, headers });
}
