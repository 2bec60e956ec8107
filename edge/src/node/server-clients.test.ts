import { expect, it } from 'vitest';
import { type ProxyTrust, readClient } from './server-clients.ts';

const SPOOFED = {
  'cf-connecting-ip': '198.51.100.1',
  'cf-ipcountry': 'DE',
  'x-forwarded-for': '198.51.100.2',
  'x-real-ip': '198.51.100.3',
  'x-country': 'DE',
  forwarded: 'for=198.51.100.5',
};
const direct: ProxyTrust = { proxyHops: 0 };
const behindOne: ProxyTrust = { proxyHops: 1, countryHeader: 'X-Country' };

it.each<[string, ProxyTrust, Record<string, string>, string | undefined, object]>([
  ['the socket, whatever headers say', direct, SPOOFED, '192.0.2.1', { ip: '192.0.2.1' }],
  ['an IPv4 client on an IPv6 socket', direct, {}, '::ffff:192.0.2.1', { ip: '192.0.2.1' }],
  ['a socket that is gone', direct, SPOOFED, undefined, {}],
  ['what the proxy says', behindOne, { 'x-forwarded-for': '192.0.2.1', 'x-country': 'at' }, '10.0.0.1', { ip: '192.0.2.1', country: 'AT' }],
  [
    'what the proxy added to lists',
    behindOne,
    { 'x-forwarded-for': '198.51.100.1, 192.0.2.1', 'x-country': 'DE, AT' },
    '10.0.0.1',
    { ip: '192.0.2.1', country: 'AT' },
  ],
  [
    'what the outer of two proxies added',
    { proxyHops: 2 },
    { 'x-forwarded-for': '198.51.100.1, 192.0.2.1, 10.0.0.2' },
    '10.0.0.1',
    { ip: '192.0.2.1' },
  ],
  ['nobody where fewer proxies than there are have written', { proxyHops: 2 }, { 'x-forwarded-for': '198.51.100.1' }, '10.0.0.1', {}],
  ['nobody where the proxy names none', behindOne, { 'cf-connecting-ip': '198.51.100.1' }, '10.0.0.1', {}],
])('%s', (_, trust, headers, remoteAddress, expected) => {
  expect(readClient({ headers, socket: { remoteAddress } }, trust)).toEqual(expected);
});
