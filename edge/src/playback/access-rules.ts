import { z } from 'zod';
import type { Client } from '../client.ts';
import { isInNetwork, parseIp, parseIpNetwork } from '../ip-address.ts';

const actionSchema = z.enum(['allow', 'block']);
const networkSchema = z.string().transform((text, context) => {
  const network = parseIpNetwork(text);
  if (network !== undefined) return network;
  context.addIssue('expected an IP address or a CIDR block');
  return z.NEVER;
});
const countrySchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]$/, 'expected an ISO 3166-1 alpha-2 code')
  .toUpperCase();

/** Cloudflare Stream's `accessRules` claim. A list of another shape is no list: to skip what cannot be read might open what a rule was to keep shut. */
export const accessRulesSchema = z
  .array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('any'), action: actionSchema }),
      z.object({ type: z.literal('ip.src'), action: actionSchema, ip: z.array(networkSchema).min(1) }),
      z.object({ type: z.literal('ip.geoip.country'), action: actionSchema, country: z.array(countrySchema).min(1) }),
    ]),
  )
  .max(5);
export type AccessRules = z.infer<typeof accessRulesSchema>;

/** The first rule that matches decides; none is leave. Pure. */
export function allowsClient(rules: AccessRules, client: Client): boolean {
  return rules.find((rule) => matches(rule, client))?.action !== 'block';
}

function matches(rule: AccessRules[number], client: Client): boolean {
  // What is not known of a client never lets him in and always keeps him out.
  const ifUnknown = rule.action === 'block';
  switch (rule.type) {
    case 'any':
      return true;
    case 'ip.src': {
      const ip = parseIp(client.ip ?? '');
      return ip === undefined ? ifUnknown : rule.ip.some((network) => isInNetwork(ip, network));
    }
    case 'ip.geoip.country':
      return client.country === undefined ? ifUnknown : rule.country.includes(client.country);
  }
}
