import { SCOPES, type Scope } from '@mediaflow/shared/scopes';
import { expect, test } from 'vitest';
import { grantScopes } from './grant-scopes.ts';

const sets = Array.from({ length: 15 }, (_, index) => SCOPES.filter((_, bit) => (index + 1) & (1 << bit)));

const grant = (own: readonly Scope[], asked: readonly Scope[]): readonly Scope[] | undefined => {
  try {
    return grantScopes(own, asked);
  } catch {
    return undefined;
  }
};

test.each(sets)('a creator with %s %s %s %s grants those and none beyond', (...own) => {
  for (const asked of sets) expect(grant(own, asked)).toEqual(asked.every((scope) => own.includes(scope)) ? asked : undefined);
});

test('without a wish the new token has what its creator has, and a refusal names what is beyond', () => {
  expect(grantScopes(['video:read', 'system:write'])).toEqual(['video:read', 'system:write']);
  expect(() => grantScopes(['system:write'], ['system:write', 'video:read'])).toThrow(/video:read is beyond system:write/);
});
