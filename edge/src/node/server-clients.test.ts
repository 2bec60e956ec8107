import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { EdgeEnv } from '../context.ts';
import { createHttpServer } from './http-server.ts';
import { createServerClients, type ProxyTrust, readClient } from './server-clients.ts';

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

it('names the socket’s other end in a server, and nothing for a request that did not come through it', async () => {
  const clients = createServerClients(direct);
  const app = new Hono<EdgeEnv>().get('/', (c) => c.json(clients.clientOf(c.req.raw)));
  const { server, close } = createHttpServer({ app, proxyHops: 0, clients });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: SPOOFED });
  expect(await answer.json()).toEqual({ ip: '127.0.0.1' });
  await close(0);
  expect(clients.clientOf(new Request('http://edge.test/', { headers: SPOOFED }))).toEqual({});
});
