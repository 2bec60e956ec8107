import type { Hono } from 'hono';
import type { OriginEnv } from './hono-env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The methods that have a route at this path; none when nothing is there. Middleware stands under `ALL` and does not count. */
export function allowedMethods({ router }: Pick<Hono<OriginEnv>, 'router'>, path: string): readonly string[] {
  const known = METHODS.filter((method) => router.match(method, path)[0].some(([[, route]]) => route.method === method));
  return known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method));
}
