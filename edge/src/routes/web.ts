import { isId } from '@mediaflow/shared/ids';
import { type Context, Hono } from 'hono';
import type { EdgeEnv } from '../context.ts';
import type { Ports } from '../ports.ts';
import { type PageKind, pageHeaders } from '../security-headers.ts';

/** The dashboard's pages are one document that routes by itself. */
const DASHBOARD_PATHS = ['/', '/videos', '/videos/*', '/settings', '/settings/*'];

/** The web UI's pages and files. What matches nothing is left to `app.notFound`. */
export function webRoutes(ports: Ports): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();
  for (const path of DASHBOARD_PATHS) routes.get(path, (c) => sendFile(c, ports, '/index.html', 'dashboard'));
  routes.get('/embed/:playbackId', (c) => (isId(c.req.param('playbackId')) ? sendFile(c, ports, '/embed.html', 'embed') : c.notFound()));
  routes.get('*', (c) => sendFile(c, ports, c.req.path, 'dashboard'));
  return routes;
}

async function sendFile(c: Context<EdgeEnv>, { assets, config }: Ports, path: string, kind: PageKind): Promise<Response> {
  const file = await assets.fetch(new Request(new URL(path, c.req.url), { method: c.req.method, headers: c.req.raw.headers }));
  if (file.status === 404) return c.notFound();
  const response = new Response(file.body, file);
  const isPage = file.headers.get('content-type')?.startsWith('text/html') ?? false;
  const headers = isPage ? pageHeaders(kind, config.uploadOrigin) : fileHeaders(path);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function fileHeaders(path: string): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    // The build puts a hash of the content into these files' names.
    ...(path.startsWith('/static/') && { 'cache-control': 'public, max-age=31536000, immutable' }),
  };
}
