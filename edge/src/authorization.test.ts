import { expect, it } from 'vitest';
import { parseCredential } from './authorization.ts';

const ID = '0123456789abcdef0123456789abcdef';
const token = { kind: 'token', tokenId: ID, secret: 's:e/c+r=et' };

it.each([
  [`Basic ${btoa(`${ID}:s:e/c+r=et`)}`, undefined, token],
  [`basic   ${btoa(`${ID}:s:e/c+r=et`)}`, 'cookie', token],
  ['Bearer abc.def', 'cookie', { kind: 'session', text: 'abc.def', isCookie: false }],
  [undefined, 'abc.def', { kind: 'session', text: 'abc.def', isCookie: true }],
  // Nothing to check, and no falling back to the cookie:
  [undefined, undefined, undefined],
  [undefined, '', undefined],
  ['', 'cookie', undefined],
  ['Basic', 'cookie', undefined],
  ['Basic !!!', 'cookie', undefined],
  [`Basic ${btoa(ID)}`, 'cookie', undefined],
  [`Basic ${btoa(`${ID}:`)}`, 'cookie', undefined],
  [`Basic ${btoa(`../../x:secret`)}`, 'cookie', undefined],
  [`Basic ${btoa(`${ID.toUpperCase()}:secret`)}`, 'cookie', undefined],
  [`Basic ${btoa(`${ID}:${'x'.repeat(5000)}`)}`, 'cookie', undefined],
  ['Bearer', 'cookie', undefined],
  ['Digest abc', 'cookie', undefined],
])('%s with cookie %s', (authorization, cookie, expected) => {
  expect(parseCredential(authorization, cookie)).toEqual(expected);
});
