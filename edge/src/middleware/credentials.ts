import { AppError } from '@mediaflow/shared/errors';
import type { CredentialAnswer } from '@mediaflow/shared/internal';
import type { Scope } from '@mediaflow/shared/scopes';
import { sha256Hex } from '@mediaflow/shared/signed';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { type Credential, parseCredential } from '../authorization.ts';
import { type Caller, type EdgeEnv, waitUntilOf } from '../context.ts';
import { credentialKey, userSessionKey } from '../lookups.ts';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { requiredScope } from '../required-scope.ts';
import { USER_SESSION_COOKIE, verifyUserSession } from '../user-session.ts';

/**
 * Lets a management call through and says whom it is for, or answers 401; 403 for a call that another site had a browser make, and
 * for one beyond the token's scopes.
 */
export const requireCaller = (ports: Ports) =>
  createMiddleware<EdgeEnv>(async (c, next) => {
    const credential = readCredential(c);
    if (credential?.kind === 'session' && credential.isCookie) assertSameOrigin(c);
    const caller = credential && (await identify(ports, credential, waitUntilOf(c)));
    if (caller === undefined) throw unauthorized(c);
    assertScope(caller, requiredScope(c.req.method, c.req.path));
    c.set('caller', caller);
    await next();
  });

export const readCredential = (c: Context<EdgeEnv>): Credential | undefined =>
  parseCredential(c.req.header('authorization'), getCookie(c, USER_SESSION_COOKIE));

/** The caller a credential stands for, as the origin confirms it; undefined when it is wrong, expired or revoked. */
export async function identify(ports: Ports, credential: Credential, waitUntil: WaitUntil): Promise<Caller | undefined> {
  const { lookups, keys, clock } = ports;
  if (credential.kind === 'token') {
    const answer = await lookups.credential(credentialKey(credential.tokenId, await sha256Hex(credential.secret)), waitUntil);
    return answer && toCaller(answer);
  }
  const session = await verifyUserSession(keys.user, credential.text, nowSeconds(clock));
  const answer = session && (await lookups.userSession(userSessionKey(session.tokenId, session.sessionId), waitUntil));
  return answer !== undefined && answer.account_id === session?.accountId ? toCaller(answer) : undefined;
}

const toCaller = (answer: CredentialAnswer): Caller => ({
  accountId: answer.account_id,
  tokenId: answer.token_id,
  scopes: answer.scopes,
});

function assertScope({ scopes }: Caller, scope: Scope | undefined): void {
  if (scope === undefined || scopes.includes(scope)) return;
  throw new AppError('forbidden', `This call needs the scope ${scope}; the API token has ${scopes.join(', ')}.`);
}

/**
 * Browsers send cookies along with what other sites make them request; `SameSite=Strict` stops most of it, this the rest. Reading is
 * harmless: without CORS headers the other site cannot see the answer.
 */
export function assertSameOrigin(c: Context<EdgeEnv>): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  if (c.req.header('origin') === new URL(c.req.url).origin) return;
  throw new AppError('forbidden', 'A call with a session cookie must come from this site.');
}

/** The challenge makes `curl` and SDKs send their credentials, and a browser open its own password prompt over the dashboard. */
export function unauthorized(c: Context<EdgeEnv>): AppError {
  const isBrowser = ['sec-fetch-site', 'x-requested-with', 'cookie'].some((name) => c.req.header(name) !== undefined);
  if (!isBrowser) c.header('www-authenticate', 'Basic realm="MediaFlow"');
  return new AppError('unauthorized', 'The API token is missing or not valid.');
}
