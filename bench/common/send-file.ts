import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** Large, so that the client costs little: both servers share the machine with it. */
const CHUNK_BYTES = 1024 * 1024;

export interface SendOptions {
  readonly method: 'PATCH' | 'PUT';
  readonly url: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request with the whole file as its body; resolves to the answer's body. Throws for a status of 300 and more. */
export async function sendFile({ method, url, path, sizeBytes, headers = {} }: SendOptions): Promise<string> {
  const outgoing = request(url, { method, headers: { ...headers, 'content-length': sizeBytes } });
  const answered = new Promise<string>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', async (response) => {
      const body = await text(response);
      if ((response.statusCode ?? 500) < 300) resolve(body);
      else reject(new Error(`${method} ${url} was answered with ${response.statusCode}: ${body.slice(0, 300)}`));
    });
  });
  const [body] = await Promise.all([answered, pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), outgoing)]);
  return body;
}
