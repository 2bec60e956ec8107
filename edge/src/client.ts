import { parseIp, stringifyIp } from './ip-address.ts';

/** Where a request comes from, so far as somebody we trust says so. */
export interface Client {
  /** In one spelling for each address, IPv4 written as IPv4, without a zone. */
  readonly ip?: string;
  /** ISO 3166-1 alpha-2 in capitals, or `T1` for Tor. */
  readonly country?: string;
}

/** Each runtime's own: what names the client on one of them is on the other a header that anybody may send. */
export type ClientOf = (request: Request) => Client;

export function toClient(address: string | undefined, countryCode: string | undefined): Client {
  // A zone names an interface of this machine and not a client (RFC 4007).
  const ip = parseIp(address?.trim().replace(/%.*$/s, '') ?? '');
  const country = countryCode?.trim().toUpperCase() ?? '';
  return {
    ...(ip !== undefined && { ip: stringifyIp(ip) }),
    // `XX` is how Cloudflare says that it does not know.
    ...(/^[A-Z][A-Z0-9]$/.test(country) && country !== 'XX' && { country }),
  };
}
