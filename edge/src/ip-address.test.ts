import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInNetwork, parseIp, parseIpNetwork, stringifyIp } from './ip-address.ts';

describe('parseIp', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:DB8::0:1', '2001:db8:0:0:0:0:0:1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6'],
    ['fe80::', 'fe80:0:0:0:0:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0:0:0:c000:201'],
    ['::192.0.2.1', '0:0:0:0:0:0:c000:201'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ])('%s is %s', (text, expected) => {
    const ip = parseIp(text);
    expect(ip && stringifyIp(ip)).toBe(expected);
  });

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.0x4',
    ' 1.2.3.4',
    '1.2.3.4:80',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '::1.2.3',
    '::ffff:01.2.3.4',
    '::ffff:0x1.2.3.4',
    '0x1.2.3.4',
    'ff',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '[::1]',
    'fe80::1%eth0',
    '::ffff:1.2.3.4%eth0',
    ':1:2:3:4:5:6:7',
  ])('%j is none', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const ip = parseIp(text);
        expect(ip).toBeDefined();
        expect(ip && parseIp(stringifyIp(ip))).toEqual(ip);
      }),
    );
  });
});

it.each<[ip: string, network: string, expected: boolean | undefined]>([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['192.0.2.200', '192.0.2.0/24', true],
  ['192.0.3.1', '192.0.2.0/24', false],
  ['192.0.3.1', '192.0.2.0/23', true],
  ['192.0.2.127', '192.0.2.77/25', true],
  ['192.0.2.128', '192.0.2.0/25', false],
  ['255.1.2.3', '0.0.0.0/0', true],
  ['2001:db8::1', '0.0.0.0/0', false],
  ['192.0.2.1', '::/0', false],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['2001:db8::1', '2001:db8::/127', true],
  ['2001:db8::2', '2001:db8::/127', false],
  ['::ffff:192.0.2.1', '192.0.2.0/24', true],
  ['192.0.2.1', '::ffff:192.0.2.0/120', true],
  ['192.0.3.1', '::ffff:192.0.2.0/120', false],
  ['192.0.2.1', '::ffff:0.0.0.0/96', true],
  ['192.0.2.1', '192.0.2.0/33', undefined],
  ['192.0.2.1', '192.0.2.0/', undefined],
  ['192.0.2.1', '192.0.2.0/-1', undefined],
  ['192.0.2.1', '192.0.2.0/24/8', undefined],
  ['192.0.2.1', '::ffff:192.0.2.0/90', undefined],
  ['2001:db8::1', '2001:db8::/129', undefined],
  ['2001:db8::1', 'fe80::1%eth0/64', undefined],
])('%s in %s: %s', (ip, network, expected) => {
  const [parsedIp, parsed] = [parseIp(ip), parseIpNetwork(network)];
  expect(parsedIp && parsed && isInNetwork(parsedIp, parsed)).toBe(expected);
});
