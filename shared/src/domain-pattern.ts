/**
 * Which sites a video may be played on:
 *
 * - `*` any site
 * - `example.com` that host and no other
 * - `*.example.com` one level below it, as in Mux's playback restrictions: `www.example.com`, not `a.www.example.com`, not `example.com`
 * - `**.example.com` every level below it, as `*.example.com` is meant in Cloudflare Stream's allowed origins; not `example.com` either
 *
 * A port (`localhost:3000`) narrows to that port; without one every port is meant.
 */
export const ANY_DOMAIN = '*';

const PATTERN = /^(\*{1,2}\.)?([^\s*/?#@:[\]\\%]+)(?::(\d{1,5}))?$/;

/** Host and port of a page, as `URL` spells them, the port always written out. */
export interface Site {
  readonly hostname: string;
  readonly port: string;
}

/** The pattern in the spelling that browsers give hosts (lower case, punycode, no dot at the end), or undefined for what is none. */
export function normalizeDomainPattern(text: string): string | undefined {
  if (text === ANY_DOMAIN) return text;
  const [, wildcard = '', name = '', port] = PATTERN.exec(text) ?? [];
  const hostname = parseSite(`http://${name}`)?.hostname;
  return hostname ? wildcard + hostname + (port === undefined ? '' : `:${Number(port)}`) : undefined;
}

/** Of a page's address; undefined for what is no web page. */
export function parseSite(address: string): Site | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port } = new URL(address);
  const defaultPort = { 'http:': '80', 'https:': '443' }[protocol];
  return defaultPort === undefined ? undefined : { hostname: hostname.replace(/\.$/, ''), port: port || defaultPort };
}

/** @param pattern as `normalizeDomainPattern` gives it */
export function matchesDomain(pattern: string, site: Site): boolean {
  if (pattern === ANY_DOMAIN) return true;
  const [, wildcard, name = '', port] = PATTERN.exec(pattern) ?? [];
  if (port !== undefined && port !== site.port) return false;
  if (wildcard === undefined) return site.hostname === name;
  if (!site.hostname.endsWith(`.${name}`)) return false;
  const below = site.hostname.slice(0, -name.length - 1);
  return below !== '' && (wildcard === '**.' || !below.includes('.'));
}
