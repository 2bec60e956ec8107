import { expect, it } from 'vitest';
import { requiredScope } from './required-scope.ts';

it.each([
  ['GET', '/video/v1/assets', 'video:read'],
  ['HEAD', '/video/v1/assets/x/events', 'video:read'],
  ['POST', '/video/v1/assets', 'video:write'],
  ['POST', '/video/v1/assets/a/playback-ids/p/tokens', 'video:write'],
  ['DELETE', '/video/v1/assets/x', 'video:write'],
  ['PROPFIND', '/video/v1/assets/x', 'video:write'],
  ['GET', '/system/v1/api-tokens', 'system:read'],
  ['GET', '/system/v1/whoami', undefined],
  ['HEAD', '/system/v1/whoami', undefined],
  ['PUT', '/system/v1/whoami', 'system:write'],
  ['GET', '/system/v1/whoami/x', 'system:read'],
  ['GET', '/system/v1/whoamix', 'system:read'],
  ['PATCH', '/system/v1/anything/new', 'system:write'],
  ['GET', '/video/v1', 'video:read'],
] as const)('%s %s needs %s', (method, path, scope) => {
  expect(requiredScope(method, path)).toBe(scope);
});

it('knows of nothing outside the management API', () => {
  for (const path of ['/', '/video/v2/assets', '/x/video/v1/assets', '/system/v1x']) expect(() => requiredScope('GET', path)).toThrow();
});
