import { expect, it } from 'vitest';
import { forwardedAddress, forwardedScheme } from './forwarded.ts';

it.each([
  [undefined, 1, undefined],
  ['203.0.113.9', 0, undefined],
  ['203.0.113.9', 1, '203.0.113.9'],
  ['10.0.0.1, 203.0.113.9', 1, '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  ['203.0.113.9', 2, undefined],
])('of %j behind %i proxies of ours believes %s', (header, hops, address) => {
  expect(forwardedAddress(header, hops)).toBe(address);
});

it.each([
  ['https', 1, 'https'],
  ['http', 1, 'http'],
  ['https', 0, undefined],
  ['https', 2, 'https'],
  [undefined, 1, undefined],
  ['http, https', 1, 'https'],
  ['javascript', 1, undefined],
])('takes the scheme of %j behind %i for %s', (header, hops, scheme) => {
  expect(forwardedScheme(header, hops)).toBe(scheme);
});
