import type { Scope } from '@mediaflow/shared/scopes';

interface ScopeRule {
  readonly path: RegExp;
  readonly read?: Scope;
  readonly write: Scope;
}

/** First match counts. */
const RULES: readonly ScopeRule[] = [
  // Every credential may learn what it is.
  { path: /^\/system\/v1\/whoami$/, write: 'system:write' },
  { path: /^\/video\/v1(\/|$)/, read: 'video:read', write: 'video:write' },
  { path: /^\/system\/v1(\/|$)/, read: 'system:read', write: 'system:write' },
];

/**
 * What a token must hold to make a management call; undefined when any token may. By section and method and not by single route, so
 * that a new route is never open by omission. Pure. Issuing a playback token is a `POST`, and so writing: it hands out access.
 */
export function requiredScope(method: string, path: string): Scope | undefined {
  const rule = RULES.find((candidate) => candidate.path.test(path));
  if (rule === undefined) throw new RangeError(`${path} is no path of the management API`);
  return method === 'GET' || method === 'HEAD' ? rule.read : rule.write;
}
