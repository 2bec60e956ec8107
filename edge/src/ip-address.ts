import ipaddr from 'ipaddr.js';

/** An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) is an IPv4 address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

export type IpNetwork = readonly [address: IpAddress, prefixBits: number];

/** What the library reads beyond this: octal and hexadecimal bytes, fewer than four of them, zones. */
const STRICT = /^(?:[\da-f:]*:)?(?:[\da-f]*|(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})$/i;

/** Strict: no leading zeros, which some read as octal, no port, no brackets, no zone. */
export function parseIp(text: string): IpAddress | undefined {
  if (!STRICT.test(text) || !/[.:]/.test(text)) return undefined;
  // `::192.0.2.1` is an address of its own (RFC 4291 section 2.5.5.1), which the library takes for `::ffff:192.0.2.1`.
  const spelling = text.replace(/^::(?=\d+\.)/, '0::');
  return ipaddr.isValid(spelling) ? ipaddr.process(spelling) : undefined;
}

/** An address or a CIDR block (RFC 4632); bits behind the prefix do not count. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, addressText = '', prefixText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseIp(addressText);
  if (address === undefined) return undefined;
  const bits = addressText.includes(':') ? 128 : 32;
  const prefixBits = Number(prefixText ?? bits);
  const unmapped = prefixBits - (bits - 8 * address.toByteArray().length);
  // A block that is wider than all mapped addresses holds none of them: they are IPv4.
  return prefixBits <= bits && unmapped >= 0 ? [address, unmapped] : undefined;
}

/** An IPv4 network never holds an IPv6 address, nor the other way round. */
export const isInNetwork = (ip: IpAddress, [address, prefixBits]: IpNetwork): boolean =>
  ip.kind() === address.kind() && ip.match(address, prefixBits);

/** One spelling for each address, with all eight groups of an IPv6 address. */
export const stringifyIp = (ip: IpAddress): string => ip.toNormalizedString();
