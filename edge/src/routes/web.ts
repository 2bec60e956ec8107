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
  for (const path of DASHBOARD_PATHS) routes.get(path, (c) => sendPage(c, ports, '/index.html', 'dashboard'));
  routes.get('/embed/:playbackId', (c) => (isId(c.req.param('playbackId')) ? sendPage(c, ports, '/embed.html', 'embed') : c.notFound()));
  routes.get('*', async (c) => {
    const file = await fetchAsset(c, ports, new URL(c.req.url).pathname);
    if (file.status === 404) return c.notFound();
    const response = new Response(file.body, file);
    response.headers.set('x-content-type-options', 'nosniff');
    // The build puts a hash of the content into these files' names.
    if (c.req.path.startsWith('/assets/') && file.ok) response.headers.set('cache-control', 'public, max-age=31536000, immutable');
    return response;
  });
  return routes;
}

async function sendPage(c: Context<EdgeEnv>, ports: Ports, path: string, kind: PageKind): Promise<Response> {
  const file = await fetchAsset(c, ports, path);
  if (file.status === 404) return c.notFound();
  const response = new Response(file.body, file);
  for (const [name, value] of Object.entries(pageHeaders(kind, ports.config.uploadOrigin))) response.headers.set(name, value);
  return response;
}

function fetchAsset(c: Context<EdgeEnv>, { assets }: Ports, path: string): Promise<Response> {
  const url = new URL(path, c.req.url);
  return assets.fetch(new Request(url, { method: c.req.method, headers: c.req.raw.headers }));
}
