import { expect, it } from 'vitest';
import type { Client } from '../client.ts';
import { accessRulesSchema, allowsClient } from './access-rules.ts';

const austrian: Client = { ip: '192.0.2.1', country: 'AT' };
const overIpv6: Client = { ip: '2001:db8:0:0:0:0:0:1', country: 'AT' };
const unknown: Client = {};

const only = (...country: string[]) => [
  { type: 'ip.geoip.country', action: 'allow', country },
  { type: 'any', action: 'block' },
];
const without = (...country: string[]) => [{ type: 'ip.geoip.country', action: 'block', country }];
const network = (action: string, ...ip: string[]) => ({ type: 'ip.src', action, ip });

it.each<[string, unknown, Client, boolean]>([
  ['no rules', [], austrian, true],
  ['no rules, nothing known', [], unknown, true],
  ['any, block', [{ type: 'any', action: 'block' }], austrian, false],
  ['any, allow', [{ type: 'any', action: 'allow' }], unknown, true],
  ['only his country', only('DE', 'AT'), austrian, true],
  ['only his country, in small letters', only('at'), austrian, true],
  ['only another country', only('DE'), austrian, false],
  ['only a country, his not known', only('DE'), unknown, false],
  ['all but his country', without('AT'), austrian, false],
  ['all but another country', without('DE'), austrian, true],
  ['all but a country, his not known', without('DE'), unknown, false],
  ['Tor', without('T1'), { country: 'T1' }, false],
  ['his network', [network('block', '192.0.2.0/24')], austrian, false],
  ['one of two networks', [network('block', '198.51.100.0/24', '192.0.2.1')], austrian, false],
  ['another network', [network('block', '198.51.100.0/24')], austrian, true],
  ['every IPv4 network, over IPv6', [network('block', '0.0.0.0/0')], overIpv6, true],
  ['his network, his address not known', [network('block', '198.51.100.0/24')], { country: 'AT' }, false],
  ['the first that matches counts', [network('allow', '192.0.2.1'), ...without('AT')], austrian, true],
  ['the first that matches counts, the other way round', [...without('AT'), network('allow', '192.0.2.1')], austrian, false],
  ['a rule that does not match is passed over', [network('allow', '198.51.100.1'), ...only('AT')], austrian, true],
  ['members a rule does not use', [{ type: 'any', action: 'allow', country: ['DE'], note: 'x' }], austrian, true],
])('%s', (_, rules, client, expected) => {
  expect(allowsClient(accessRulesSchema.parse(rules), client)).toBe(expected);
});

it.each<[string, unknown]>([
  ['no list', { type: 'any', action: 'allow' }],
  ['text', '[]'],
  ['null', null],
  ['six rules', Array.from({ length: 6 }, () => ({ type: 'any', action: 'allow' }))],
  ['an unknown type', [{ type: 'ip.asn', action: 'block' }]],
  ['an unknown action', [{ type: 'any', action: 'deny' }]],
  ['no action', [{ type: 'any' }]],
  ['no rule', [null]],
  ['no countries', [{ type: 'ip.geoip.country', action: 'block' }]],
  ['an empty list of countries', without()],
  ['one country that is not in a list', [{ type: 'ip.geoip.country', action: 'block', country: 'DE' }]],
  ['a country’s name', without('Germany')],
  ['no networks', [{ type: 'ip.src', action: 'block' }]],
  ['an empty list of networks', [network('block')]],
  ['a network that is none', [network('block', '192.0.2.0/33')]],
  ['a good rule before a bad one', [{ type: 'any', action: 'allow' }, { type: 'any' }]],
])('is no list of rules: %s', (_, rules) => {
  expect(accessRulesSchema.safeParse(rules).success).toBe(false);
});
