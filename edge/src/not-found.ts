import { AppError, toErrorBody } from '@mediaflow/shared/errors';
import type { Context } from 'hono';
import type { EdgeEnv } from './context.ts';
import { pageHeaders } from './security-headers.ts';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not found</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style>
<h1>Not found</h1>
<p>There is nothing at this address. <a href="/">Go to the dashboard</a>.</p>
</html>
`;

/** A page for people, the error body for programs. */
export function respondNotFound(c: Context<EdgeEnv>, uploadOrigin: string): Response {
  if ((c.req.header('accept') ?? '').includes('text/html')) return c.html(PAGE, 404, pageHeaders('error', uploadOrigin));
  return c.json(toErrorBody(new AppError('not_found', 'There is nothing at this path.')), 404, { 'cache-control': 'no-store' });
}
