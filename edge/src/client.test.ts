import { expect, it } from 'vitest';
import { toClient } from './client.ts';

it.each<[address: string | undefined, country: string | undefined, expected: object]>([
  ['192.0.2.1', 'AT', { ip: '192.0.2.1', country: 'AT' }],
  [' 192.0.2.1 ', ' at ', { ip: '192.0.2.1', country: 'AT' }],
  ['2001:DB8::1', 'T1', { ip: '2001:db8:0:0:0:0:0:1', country: 'T1' }],
  ['::ffff:192.0.2.1', undefined, { ip: '192.0.2.1' }],
  ['fe80::1%eth0', undefined, { ip: 'fe80:0:0:0:0:0:0:1' }],
  ['::ffff:192.0.2.1%eth0', undefined, { ip: '192.0.2.1' }],
  [undefined, 'XX', {}],
  ['localhost', 'Austria', {}],
  ['192.0.2.1:8080', '', {}],
  ['192.0.2.1, 192.0.2.2', 'DE, AT', {}],
])('%s and %s', (address, country, expected) => {
  expect(toClient(address, country)).toEqual(expected);
});
