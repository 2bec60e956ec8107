import { expect, it } from 'vitest';
import { viewerOf } from './viewer.ts';

const shop = { hostname: 'shop.example', port: '443' };

it.each<[string, Record<string, string>, unknown]>([
  ['Referer', { referer: 'https://shop.example/film?x=1' }, shop],
  ['Origin where there is no Referer', { origin: 'https://shop.example' }, shop],
  ['Referer before Origin', { referer: 'https://shop.example/', origin: 'https://other.example' }, shop],
  ['Origin where Referer is empty', { referer: '', origin: 'https://shop.example' }, shop],
  ['nothing', {}, undefined],
  ['a page without an origin', { origin: 'null' }, undefined],
  ['an app', { referer: 'android-app://com.example/' }, 'other'],
  ['nonsense', { referer: 'shop.example' }, 'other'],
])('the page named by %s', (_, headers, expected) => {
  expect(viewerOf(new Request('http://edge.test/', { headers }), {}).site).toEqual(expected);
});

it('takes an empty user agent for none', () => {
  expect(viewerOf(new Request('http://edge.test/', { headers: { 'user-agent': '' } }), {}).userAgent).toBeUndefined();
});
