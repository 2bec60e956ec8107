import { expect, it } from 'vitest';
import { cloudflareClientOf } from './cloudflare-client.ts';

it('believes what Cloudflare says, and no header that anybody may send', () => {
  const headers = {
    'cf-connecting-ip': '192.0.2.1',
    'cf-ipcountry': 'DE',
    'x-country': 'DE',
    'x-forwarded-for': '198.51.100.2',
    'x-real-ip': '198.51.100.3',
    'true-client-ip': '198.51.100.4',
    forwarded: 'for=198.51.100.5',
  };
  const cf = { country: 'AT' } as IncomingRequestCfProperties;
  expect(cloudflareClientOf(new Request('http://edge.test/', { headers, cf }))).toEqual({ ip: '192.0.2.1', country: 'AT' });
  const { 'cf-connecting-ip': _, ...others } = headers;
  expect(cloudflareClientOf(new Request('http://edge.test/', { headers: others }))).toEqual({});
});
