import { createMiddleware } from 'hono/factory';
import type { EdgeEnv } from '../context.ts';
import { DATA_HEADERS } from '../security-headers.ts';

/** Not for the host's subdomains, which are not ours to speak for. */
const STRICT_TRANSPORT = 'max-age=31536000';

/** For every answer of the edge, what its own route has not said already. */
export const secureHeaders = createMiddleware<EdgeEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  if (c.req.url.startsWith('https:')) headers.set('strict-transport-security', STRICT_TRANSPORT);
  const type = headers.get('content-type');
  if (type !== null && !/^(?:application\/json|text\/event-stream)/.test(type)) return;
  for (const [name, value] of Object.entries(DATA_HEADERS)) if (!headers.has(name)) headers.set(name, value);
});
