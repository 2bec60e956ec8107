/** Four bytes or sixteen. An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) is an IPv4 address. */
export type IpAddress = readonly number[];

export interface IpNetwork {
  readonly address: IpAddress;
  readonly prefixBits: number;
}

const DECIMAL_BYTE = /^(?:0|[1-9]\d{0,2})$/;
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;
const MAPPED_PREFIX_BYTES = 12;

/** Strict: no leading zeros, which some read as octal, no port, no brackets, no zone. */
export function parseIp(text: string): IpAddress | undefined {
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return bytes !== undefined && isMapped(bytes) ? bytes.slice(MAPPED_PREFIX_BYTES) : bytes;
}

/** An address or a CIDR block (RFC 4632); bits behind the prefix do not count. */
export function parseIpNetwork(text: string): IpNetwork | undefined {
  const [, addressText = '', , prefixText] = /^([^/]*)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseIp(addressText);
  if (address === undefined) return undefined;
  const bits = addressText.includes(':') ? 128 : 32;
  const prefixBits = Number(prefixText ?? bits);
  const unmapped = prefixBits - (bits - 8 * address.length);
  // A block that is wider than all mapped addresses holds none of them: they are IPv4.
  return prefixBits <= bits && unmapped >= 0 ? { address, prefixBits: unmapped } : undefined;
}

/** An IPv4 network never holds an IPv6 address, nor the other way round. */
export function isInNetwork(ip: IpAddress, { address, prefixBits }: IpNetwork): boolean {
  if (ip.length !== address.length) return false;
  const wholeBytes = Math.floor(prefixBits / 8);
  const restBits = 8 - (prefixBits % 8);
  return ip.every((byte, index) => {
    const other = address[index] ?? 0;
    if (index < wholeBytes) return byte === other;
    return index > wholeBytes || byte >> restBits === other >> restBits;
  });
}

/** One spelling for each address. */
export function stringifyIp(ip: IpAddress): string {
  if (ip.length === 4) return ip.join('.');
  return Array.from({ length: 8 }, (_, group) => (((ip[2 * group] ?? 0) << 8) | (ip[2 * group + 1] ?? 0)).toString(16)).join(':');
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  const isValid = parts.length === 4 && parts.every((part) => DECIMAL_BYTE.test(part) && Number(part) <= 255);
  return isValid ? parts.map(Number) : undefined;
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** @param isLast whether an IPv4 address may stand at the end */
function parseGroups(text: string, isLast: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes = groups.map((group, index) => {
    if (isLast && index === groups.length - 1 && group.includes('.')) return parseIpv4(group);
    return HEX_GROUP.test(group) ? [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255] : undefined;
  });
  return bytes.every((pair) => pair !== undefined) ? bytes.flat() : undefined;
}

const isMapped = (bytes: IpAddress): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
