import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RevocationPage } from '@mediaflow/shared/internal';

export interface CountingOrigin {
  readonly url: string;
  /** How often each object was read from the store since the start, by key. */
  readonly reads: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

export interface OriginContents {
  /** An object's bytes; undefined when it is not stored. */
  readonly readObject: (key: string) => Uint8Array | undefined;
  /** By path below `/internal/`, as JSON. */
  readonly answers?: ReadonlyMap<string, unknown>;
}

/** The origin's side of `shared/src/internal.ts` as far as playback needs it, counting what it is asked for. */
export async function startCountingOrigin({ readObject, answers = new Map() }: OriginContents): Promise<CountingOrigin> {
  const reads = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url?.slice('/internal/'.length) ?? '';
    const key = path.startsWith('objects/') ? path.slice('objects/'.length) : undefined;
    if (path.startsWith('revocations')) return sendJson(response, NOTHING_REVOKED);
    if (key === undefined) return sendJson(response, answers.get(path));
    reads.set(key, (reads.get(key) ?? 0) + 1);
    const bytes = readObject(key);
    if (bytes === undefined) return sendJson(response, undefined);
    response.writeHead(200, { 'content-length': bytes.length, etag: `"${key}"` }).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reads,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const NOTHING_REVOKED: RevocationPage = { entries: [], next_cursor: '0', has_more: false };

function sendJson(response: ServerResponse, answer: unknown): void {
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
}
