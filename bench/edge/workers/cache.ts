/**
 * What workerd's Cache API keeps its entries in, as `cacheApiOutbound`: `PUT` brings a response as it stands on the wire, `GET` takes
 * it back, told by `cf-cache-status`. In memory and without an end, for a benchmark knows how much it puts in.
 */
interface Entry {
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
}

const entries = new Map<string, Entry>();

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'PUT') {
      entries.set(request.url, parseResponse(new Uint8Array(await request.arrayBuffer())));
      return new Response(null, { status: 204 });
    }
    const entry = entries.get(request.url);
    if (entry === undefined) return new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } });
    return new Response(entry.body, { headers: [...entry.headers, ['cf-cache-status', 'HIT']] });
  },
};

/** Status line, header lines, an empty line, the body (RFC 9112, 2.1). */
function parseResponse(bytes: Uint8Array<ArrayBuffer>): Entry {
  const end = findHeaderEnd(bytes);
  const [, ...lines] = new TextDecoder().decode(bytes.subarray(0, end)).split('\r\n');
  return { headers: lines.map(parseHeader), body: bytes.slice(end + 4) };
}

function findHeaderEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  throw new Error('not an HTTP message');
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
