import { AppError } from '@mediaflow/shared/errors';
import { randomHex, tokenIdSchema } from '@mediaflow/shared/ids';
import { USER_SESSION_SECONDS } from '@mediaflow/shared/internal';
import { type Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { z } from 'zod';
import type { EdgeEnv } from '../context.ts';
import { assertTrustedSite, type Gate, readCredential } from '../middleware/credentials.ts';
import { nowSeconds, type Ports } from '../ports.ts';
import { readJsonBody } from '../read-json-body.ts';
import { signUserSession, USER_SESSION_COOKIE, verifyUserSession } from '../user-session.ts';

const signInSchema = z.object({ token_id: tokenIdSchema, token_secret: z.string().min(1).max(200) });

/**
 * Signing in at the dashboard: `POST` {token_id, token_secret} -> 201 {data: {token, account_id, expires_at}} and an HttpOnly cookie;
 * `DELETE` ends the session of the cookie or Bearer, wherever else it was copied to, and clears the cookie. It also ends with its API
 * token, or after 12 h.
 */
export function sessionRoutes(ports: Ports, gate: Gate): Hono<EdgeEnv> {
  const routes = new Hono<EdgeEnv>();

  routes.post('/', async (c) => {
    // A page elsewhere must not sign its visitor in as somebody else. Scripts send no Origin.
    if (c.req.header('origin') !== undefined) assertTrustedSite(c, ports.config.allowedOrigins);
    const body = await readJsonBody(c, signInSchema);
    const caller = await gate.identify(c, { kind: 'token', tokenId: body.token_id, secret: body.token_secret });
    const exp = nowSeconds(ports.clock) + USER_SESSION_SECONDS;
    const { tokenId, accountId } = caller;
    const token = await signUserSession(ports.keys.user, { sessionId: randomHex(16), tokenId, accountId, exp });
    setCookie(c, USER_SESSION_COOKIE, token, { ...cookieOptions(c), maxAge: USER_SESSION_SECONDS });
    c.header('cache-control', 'no-store');
    return c.json({ data: { token, account_id: accountId, expires_at: String(exp) } }, 201);
  });

  routes.delete('/', async (c) => {
    const credential = readCredential(c);
    if (credential?.kind !== 'session' || credential.isCookie) assertTrustedSite(c, ports.config.allowedOrigins);
    deleteCookie(c, USER_SESSION_COOKIE, cookieOptions(c));
    const session = credential?.kind === 'session' && (await verifyUserSession(ports.keys.user, credential.text, nowSeconds(ports.clock)));
    if (session) await ports.origin.endUserSession(session.tokenId, session.sessionId);
    return c.body(null, 204);
  });

  routes.all('/', (c) => {
    c.header('allow', 'POST, DELETE');
    throw new AppError('method_not_allowed', `${c.req.method} is not allowed here.`);
  });
  return routes;
}

/** Browsers drop a Secure cookie on plain http, which only this very machine may use. */
function cookieOptions(c: Context<EdgeEnv>): CookieOptions {
  const { protocol, hostname } = new URL(c.req.url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { httpOnly: true, sameSite: 'Strict', path: '/', secure: !(protocol === 'http:' && isLocal) };
}
