import { AppError } from '@mediaflow/shared/errors';
import type { CredentialAnswer } from '@mediaflow/shared/internal';
import type { Scope } from '@mediaflow/shared/scopes';
import { sha256Hex } from '@mediaflow/shared/signed';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { type Credential, parseCredential } from '../authorization.ts';
import { type Caller, type EdgeEnv, waitUntilOf } from '../context.ts';
import { assertAllowed, clientKey } from '../limits/charge.ts';
import { createFailureGuard } from '../limits/failure-guard.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';
import { credentialKey, userSessionKey } from '../lookups.ts';
import { nowSeconds, type Ports, type WaitUntil } from '../ports.ts';
import { requiredScope } from '../required-scope.ts';
import { USER_SESSION_COOKIE, verifyUserSession } from '../user-session.ts';

/** Where credentials are checked and what may be asked with them is counted. One for the whole app: it remembers failures. */
export interface Gate {
  /**
   * Lets a management call through and says whom it is for, or answers 401; 403 for a call that another site had a browser make and for
   * one beyond the token's scopes; 429 for one too many.
   */
  readonly requireCaller: MiddlewareHandler<EdgeEnv>;
  /** The caller a credential stands for. @throws AppError `unauthorized`, `rate_limited` */
  identify(c: Context<EdgeEnv>, credential: Credential | undefined): Promise<Caller>;
}

export function createGate(ports: Ports): Gate {
  const { limiter, clock, clientOf, config } = ports;
  const guard = createFailureGuard(limiter, clock);

  const identify = async (c: Context<EdgeEnv>, credential: Credential | undefined): Promise<Caller> => {
    const client = clientKey(clientOf(c.req.raw));
    const key = credential?.kind === 'token' ? credentialKey(credential.tokenId, await sha256Hex(credential.secret)) : undefined;
    if (key !== undefined) guard.assertMayTry(client, key);
    const caller = credential && (await findCaller(ports, credential, key, waitUntilOf(c)));
    if (caller !== undefined) {
      if (key !== undefined) guard.noteSuccess(key);
      return caller;
    }
    if (key !== undefined) await guard.noteFailure(client);
    else assertAllowed(await limiter.take('client', client), (name, value) => c.header(name, value));
    throw unauthorized(c);
  };

  return {
    identify,
    requireCaller: createMiddleware<EdgeEnv>(async (c, next) => {
      const credential = readCredential(c);
      if (credential?.kind === 'session' && credential.isCookie) assertTrustedSite(c, config.allowedOrigins);
      const caller = await identify(c, credential);
      const verdict = await limiter.take('token', caller.tokenId);
      assertAllowed(verdict, (name, value) => c.header(name, value));
      const told = Object.entries(rateLimitHeaders(verdict));
      for (const [name, value] of told) c.header(name, value);
      assertScope(caller, requiredScope(c.req.method, c.req.path));
      c.set('caller', caller);
      await next();
      // Once more: what the origin answered brings its own headers alone.
      for (const [name, value] of told) c.res.headers.set(name, value);
    }),
  };
}

export const readCredential = (c: Context<EdgeEnv>): Credential | undefined =>
  parseCredential(c.req.header('authorization'), getCookie(c, USER_SESSION_COOKIE));

/** As the origin confirms it; undefined when the credential is wrong, expired or revoked. `key` is an API token's, in the lookup. */
async function findCaller(
  { lookups, keys, clock }: Ports,
  credential: Credential,
  key: string | undefined,
  waitUntil: WaitUntil,
): Promise<Caller | undefined> {
  if (credential.kind === 'token') {
    const answer = key === undefined ? undefined : await lookups.credential(key, waitUntil);
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
export function assertTrustedSite(c: Context<EdgeEnv>, allowedOrigins: readonly string[]): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  const origin = c.req.header('origin') ?? '';
  if (origin === new URL(c.req.url).origin || allowedOrigins.includes(origin)) return;
  throw new AppError('forbidden', 'A call with a session cookie must come from this site.');
}

/** The challenge makes `curl` and SDKs send their credentials, and a browser open its own password prompt over the dashboard. */
function unauthorized(c: Context<EdgeEnv>): AppError {
  const isBrowser = ['sec-fetch-site', 'x-requested-with', 'cookie'].some((name) => c.req.header(name) !== undefined);
  if (!isBrowser) c.header('www-authenticate', 'Basic realm="MediaFlow"');
  return new AppError('unauthorized', 'The API token is missing or not valid.');
}
