import { describe, expect, it } from 'vitest';
import { matchesDomain, normalizeDomainPattern, parseSite } from './domain-pattern.ts';

describe('normalizeDomainPattern', () => {
  it.each([
    ['*', '*'],
    ['example.com', 'example.com'],
    ['WWW.Example.COM.', 'www.example.com'],
    ['*.Example.com', '*.example.com'],
    ['**.example.com', '**.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.bücher.example:08080', '*.xn--bcher-kva.example:8080'],
    ['localhost', 'localhost'],
    ['localhost:3000', 'localhost:3000'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is %s', (text, expected) => {
    expect(normalizeDomainPattern(text)).toBe(expected);
    expect(normalizeDomainPattern(expected)).toBe(expected);
  });

  it.each([
    '',
    '.',
    '***.example.com',
    '*example.com',
    'www.*.com',
    '*.*.com',
    '*.',
    '**',
    'https://example.com',
    'example.com/path',
    'example.com?x',
    'user@example.com',
    'a b',
    'example.com:',
    'example.com:x',
    'example.com:123456',
    'exa%6dple.com',
  ])('%j is none', (text) => {
    expect(normalizeDomainPattern(text)).toBeUndefined();
  });
});

it.each([
  ['https://www.example.com/page?q', { hostname: 'www.example.com', port: '443' }],
  ['http://Example.com.:80', { hostname: 'example.com', port: '80' }],
  ['http://localhost:3000/', { hostname: 'localhost', port: '3000' }],
  ['http://user@evil.example:80@good.example/', { hostname: 'good.example', port: '80' }],
  ['https://example.com\\@evil.example/', { hostname: 'example.com', port: '443' }],
  ['android-app://com.example', undefined],
  ['file:///x', undefined],
  ['null', undefined],
  ['example.com', undefined],
  ['', undefined],
])('the site of %s', (address, expected) => {
  expect(parseSite(address)).toEqual(expected);
});

it.each<[pattern: string, address: string, expected: boolean]>([
  ['*', 'https://any.example', true],
  ['example.com', 'https://example.com', true],
  ['example.com', 'https://example.com:8443', true],
  ['example.com', 'https://www.example.com', false],
  ['example.com', 'https://notexample.com', false],
  ['example.com', 'https://example.com.evil.example', false],
  ['*.example.com', 'https://www.example.com', true],
  ['*.example.com', 'https://a.www.example.com', false],
  ['*.example.com', 'https://example.com', false],
  ['*.example.com', 'https://evilexample.com', false],
  ['*.example.com', 'https://.example.com', false],
  ['**.example.com', 'https://www.example.com', true],
  ['**.example.com', 'https://a.b.www.example.com', true],
  ['**.example.com', 'https://example.com', false],
  ['**.example.com', 'https://evilexample.com', false],
  ['localhost:3000', 'http://localhost:3000', true],
  ['localhost:3000', 'http://localhost:3001', false],
  ['example.com:443', 'https://example.com', true],
  ['example.com:443', 'http://example.com', false],
  ['*.com', 'https://example.com', true],
])('%s and %s: %s', (pattern, address, expected) => {
  const site = parseSite(address);
  expect(site !== undefined && matchesDomain(pattern, site)).toBe(expected);
});
