import { isId } from '@mediaflow/shared/ids';

/** What a request shows to say who it is, not yet checked. */
export type Credential =
  | { readonly kind: 'token'; readonly tokenId: string; readonly secret: string }
  | { readonly kind: 'session'; readonly text: string; readonly isCookie: boolean };

const MAX_CREDENTIAL_LENGTH = 4096;

/**
 * Basic `token_id:token_secret`, Bearer user session, or the dashboard's cookie. A header counts before the cookie, and a header
 * that cannot be read never falls back to it. Undefined when there is nothing to check.
 */
export function parseCredential(authorization: string | undefined, cookie: string | undefined): Credential | undefined {
  if (authorization === undefined) return cookie ? { kind: 'session', text: cookie, isCookie: true } : undefined;
  const [scheme = '', value = ''] = authorization.trim().split(/ +/, 2);
  if (value.length > MAX_CREDENTIAL_LENGTH) return undefined;
  switch (scheme.toLowerCase()) {
    case 'basic':
      return parseBasic(value);
    case 'bearer':
      return value === '' ? undefined : { kind: 'session', text: value, isCookie: false };
    default:
      return undefined;
  }
}

function parseBasic(value: string): Credential | undefined {
  const text = decodeBase64(value) ?? '';
  const colon = text.indexOf(':');
  const [tokenId, secret] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  return isId(tokenId) && secret !== '' ? { kind: 'token', tokenId, secret } : undefined;
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
