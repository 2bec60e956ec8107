import { AppError } from '@mediaflow/shared/errors';
import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';

/** A token in the path and a session or two; real paths stay below 1.5 KB. */
const MAX_PATH_LENGTH = 5000;
/** As it came: parsing the URL would cost every segment 7 µs. */
const URL_PATH = /^[^/]*\/\/[^/]*(?<path>[^?#]*)/;
/** Ids, tokens, sessions, file names: nothing of ours needs an escape. */
const PLAIN_PATH = /^(?:\/[\w.~!$&'()*+,=:@-]*)+$/;

/**
 * Refuses every path that could mean one thing to the router and another to what reads it: Hono decodes parameters after it has
 * routed (`..%2f` arrives as `../`), and `//`, `\` and `;` are read differently by different parsers.
 */
export const pathGuard = createMiddleware<EdgeEnv>((c, next) => {
  assertPlainPath(c.req.url);
  return next();
});

/** @param url absolute */
export function assertPlainPath(url: string): void {
  const path = URL_PATH.exec(url)?.groups?.path ?? '';
  if (path.length > MAX_PATH_LENGTH || path.includes('//') || !PLAIN_PATH.test(path)) {
    throw new AppError('invalid_parameters', 'The path is not valid.');
  }
}
