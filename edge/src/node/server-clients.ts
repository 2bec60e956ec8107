import type { IncomingHttpHeaders } from 'node:http';
import { type Client, type ClientOf, toClient } from '../client.ts';
import { forwardedAddress } from './forwarded.ts';

export interface ProxyTrust {
  readonly proxyHops: number;
  /** Set by the proxy in front, whatever the client sent; no header is believed unless named. */
  readonly countryHeader?: string;
}

/** What is read of a request as Node received it. */
export interface Connection {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Who is at the other end of a request's connection, which a `Request` does not tell. */
export interface ServerClients {
  readonly clientOf: ClientOf;
  note(request: Request, connection: Connection): void;
}

export function createServerClients(trust: ProxyTrust): ServerClients {
  const connections = new WeakMap<Request, Connection>();
  return {
    note: (request, connection) => void connections.set(request, connection),
    clientOf(request) {
      const connection = connections.get(request);
      return connection === undefined ? {} : readClient(connection, trust);
    },
  };
}

/** Pure. */
export function readClient({ headers, socket }: Connection, { proxyHops, countryHeader }: ProxyTrust): Client {
  // Behind a proxy the socket's other end is the proxy: a request that it sent without an address has none.
  const address = proxyHops === 0 ? socket.remoteAddress : forwardedAddress(headers['x-forwarded-for'], proxyHops);
  const country = countryHeader === undefined ? undefined : headers[countryHeader.toLowerCase()];
  return toClient(address, country === undefined ? undefined : String(country).split(',').at(-1));
}
