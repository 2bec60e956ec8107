import type { ResolvedRange } from '@mediaflow/shared/byte-range';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { AwsClient } from 'aws4fetch';
import type { S3Config } from '../env.ts';
import { discardBody } from '../object-body.ts';
import type { ObjectReader } from '../ports.ts';
import { sizeOfWhole, stringifyRange } from '../range.ts';
import { PassingFault, type RetryOptions, withRetries } from './retry.ts';
import { unavailable } from './unavailable.ts';

/** Until the answer's headers; the bytes may take as long as they like. */
const TIMEOUT_MS = 5_000;
/** An S3 error is a few hundred bytes of XML. */
const MAX_ERROR_BYTES = 16_384;

export interface S3ReaderOptions {
  readonly config: S3Config;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly retry?: RetryOptions;
  readonly timeoutMs?: number;
}

/** Media from any S3 by signed requests (SigV4). */
export function createS3Reader({ config, fetch, retry, timeoutMs = TIMEOUT_MS }: S3ReaderOptions): ObjectReader {
  const client = new AwsClient({ ...config, service: 's3' });
  /** HEAD answers 404 for a missing key and for a missing bucket alike; only GET says which. */
  let hasSeenBucket = false;

  const send = async (method: 'GET' | 'HEAD', key: string, range?: ResolvedRange): Promise<Response> => {
    const request = await client.sign(objectUrl(config, key), { method, ...(range && { headers: { range: stringifyRange(range) } }) });
    // After signing, because proxies rewrite it. A compressed body would have another length than the object.
    request.headers.set('accept-encoding', 'identity');
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      return await fetch(new Request(request, { signal: abort.signal, redirect: 'manual' }));
    } catch (cause) {
      throw abort.signal.aborted
        ? new Error(`S3 gave no answer within ${timeoutMs} ms`)
        : new PassingFault('S3 does not answer', { cause });
    } finally {
      clearTimeout(timer);
    }
  };

  /** The answer to a method that says what is missing; undefined for an absent key. */
  const open = async (key: string, range?: ResolvedRange): Promise<Response | undefined> => {
    const response = await send('GET', key, range);
    if (response.status === (range === undefined ? 200 : 206)) return response;
    const code = await readErrorCode(response);
    if (response.status === 404 && code === 'NoSuchKey') return undefined;
    throw fault(response.status, code);
  };

  const head = async (key: string): Promise<ObjectInfo | undefined> => {
    const response = await send('HEAD', key);
    if (response.status === 200) return readInfo(response);
    if (response.status !== 404) throw fault(response.status);
    if (!hasSeenBucket) await (await open(key))?.body?.cancel();
    hasSeenBucket = true;
    return undefined;
  };

  const get = async (key: string, range?: ResolvedRange) => {
    const response = await open(key, range);
    hasSeenBucket = true;
    if (response === undefined) return undefined;
    const body = response.body ?? new Uint8Array();
    try {
      return { ...readInfo(response, range), body };
    } catch (error) {
      await discardBody(body);
      throw error;
    }
  };

  const ask = <T>(attempt: () => Promise<T>): Promise<T> =>
    withRetries(attempt, retry).catch((cause: unknown) => {
      throw unavailable(cause);
    });
  return { name: 's3', head: (key) => ask(() => head(key)), get: (key, range) => ask(() => get(key, range)) };
}

/** Bucket in the path, or in front of the host. */
export function objectUrl({ endpoint, bucket, forcePathStyle }: S3Config, key: string): string {
  const url = new URL(endpoint);
  const path = key.split('/').map(encodeURIComponent).join('/');
  const base = url.pathname.replace(/\/+$/, '');
  if (!forcePathStyle) url.host = `${bucket}.${url.host}`;
  url.pathname = forcePathStyle ? `${base}/${bucket}/${path}` : `${base}/${path}`;
  return url.href;
}

/** Without a length a body that broke off could not be told from a whole one. */
function readInfo(response: Response, range?: ResolvedRange): ObjectInfo {
  const { headers } = response;
  const [length, etag] = [headers.get('content-length'), headers.get('etag')];
  const sizeBytes = range === undefined ? Number(length) : sizeOfWhole(response, range);
  if (sizeBytes === undefined) throw new Error('S3 sent something else than the part that was asked for');
  if (length === null || !/^\d+$/.test(length) || etag === null) throw new Error('S3 sent an object without its length or validator');
  return { sizeBytes, etag };
}

/** Throttling and the server's own trouble pass; a refusal or a missing bucket is a fault of the installation. */
function fault(status: number, code = 'no code'): Error {
  const message = `S3 answered ${status} (${code})`;
  return status >= 500 || status === 429 || status === 408 ? new PassingFault(message) : new Error(message);
}

async function readErrorCode(response: Response): Promise<string | undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ERROR_BYTES) break;
  }
  return /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1];
}
