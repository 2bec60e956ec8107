import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomHex } from '@mediaflow/shared/ids';
import { AwsClient } from 'aws4fetch';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { S3Config } from '../env.ts';
import { createS3Reader, objectUrl } from '../readers/s3.ts';
import { addFilm, createTestEdge, fill, openPlayback } from '../testing/edge.ts';
import { describeObjectReader } from '../testing/object-reader-contract.ts';

/** The real server of the other S3 tests, and servers that misbehave. */
const s3 = inject('s3');
const FAST = { baseMs: 1 };
const send = (request: Request): Promise<Response> => fetch(request);
const client = new AwsClient({ ...s3, service: 's3' });

async function put(url: string, body?: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await client.fetch(url, { method: 'PUT', ...(body !== undefined && { body }) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

async function makeBucket(): Promise<S3Config> {
  const bucket = `edge-${randomHex(8)}`;
  await put(`${s3.endpoint}/${bucket}`);
  return { ...s3, bucket, forcePathStyle: true };
}

describeObjectReader('an S3 bucket', async () => {
  const config = await makeBucket();
  let isBroken = false;
  const reader = createS3Reader({
    config,
    retry: FAST,
    fetch: (request) => (isBroken ? Promise.reject(new TypeError('fetch failed')) : send(request)),
  });
  return {
    reader,
    put: (key, bytes) => put(objectUrl(config, key), bytes),
    breakDown: () => {
      isBroken = true;
    },
  };
});

it.each<[string, Partial<S3Config>]>([
  ['a missing bucket', { bucket: 'edge-no-such-bucket' }],
  ['a wrong secret', { secretAccessKey: 'wrong' }],
  ['an unknown key', { accessKeyId: 'nobody' }],
  ['a closed port', { endpoint: 'http://127.0.0.1:9' }],
])('calls %s an outage', async (_, change) => {
  const reader = createS3Reader({ config: { ...(await makeBucket()), ...change }, fetch: send, retry: FAST });
  await expect(reader.head('media/x')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(reader.get('media/x')).rejects.toMatchObject({ code: 'unavailable' });
});

async function startServer(answer: (response: ServerResponse, attempt: number, path: string) => void, timeoutMs = 60_000) {
  const paths: string[] = [];
  const listener: RequestListener = ({ url = '' }, response) => {
    paths.push(url);
    answer(response, paths.length, url);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const config = { ...s3, endpoint: `http://127.0.0.1:${port}`, bucket: 'bucket', forcePathStyle: true };
  return { paths, reader: createS3Reader({ config, fetch: send, retry: FAST, timeoutMs }) };
}

const refuse = (status: number, code: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);

it.each<[string, (response: ServerResponse) => void, number]>([
  ['SlowDown', refuse(503, 'SlowDown'), 3],
  ['an inner error', refuse(500, 'InternalError'), 3],
  ['throttling', refuse(429, 'TooManyRequests'), 3],
  ['a cut connection', (response) => response.socket?.destroy(), 3],
  ['a refusal', refuse(403, 'AccessDenied'), 1],
  ['a skewed clock', refuse(403, 'RequestTimeTooSkewed'), 1],
  ['a missing bucket', refuse(404, 'NoSuchBucket'), 1],
  ['a 404 of somebody in between', (response) => response.writeHead(404).end('<html>not found</html>'), 1],
  ['another region', (response) => response.writeHead(301, { location: 'http://127.0.0.1:9/' }).end(), 1],
  ['an answer without a length', (response) => response.writeHead(200, { etag: '"e"' }).end('bytes'), 1],
])('calls %s an outage, and asks again only when that may help', async (_, answer, attempts) => {
  const { reader, paths } = await startServer(answer);
  await expect(reader.get('media/x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(paths).toHaveLength(attempts);
});

it('calls no answer an outage, and does not wait for another as long', async () => {
  const { reader, paths } = await startServer(() => undefined, 200);
  await expect(reader.get('media/x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(paths).toHaveLength(1);
});

it('gives what a later attempt gives', async () => {
  const { reader } = await startServer((response, attempt) => {
    if (attempt < 3) refuse(503, 'SlowDown')(response);
    else response.writeHead(200, { 'content-length': '2', etag: '"e"' }).end('ok');
  });
  expect(await reader.get('media/x')).toMatchObject({ sizeBytes: 2, etag: '"e"' });
});

it.each([
  [true, 'http://s3.test:7070/base', 'http://s3.test:7070/base/bucket/media/a/0.m4s'],
  [false, 'http://s3.test:7070', 'http://bucket.s3.test:7070/media/a/0.m4s'],
  [false, 'https://s3.eu-central-1.amazonaws.com/', 'https://bucket.s3.eu-central-1.amazonaws.com/media/a/0.m4s'],
])('names an object in the path (%s) or by the host', (forcePathStyle, endpoint, url) => {
  expect(objectUrl({ ...s3, bucket: 'bucket', endpoint, forcePathStyle }, 'media/a/0.m4s')).toBe(url);
});

it('breaks the answer and keeps nothing when the bytes end early', async () => {
  let objects = new Map<string, Uint8Array>();
  let isCut = true;
  const { reader } = await startServer((response, _, path) => {
    const bytes = objects.get(path.slice('/bucket/'.length)) ?? new Uint8Array();
    response.writeHead(200, { 'content-length': String(bytes.length), etag: '"e"' });
    if (isCut && path.endsWith('0.m4s')) response.write(bytes.subarray(0, 1000), () => response.socket?.destroy());
    else response.end(bytes);
  });
  const edge = await createTestEdge({ objects: reader });
  objects = edge.origin.objects;
  const session = await openPlayback(edge, await addFilm(edge));
  await expect(edge.request(`${session}v720/0.m4s`)).rejects.toThrow();
  isCut = false;
  const whole = await edge.request(`${session}v720/0.m4s`);
  expect(whole.headers.get('x-mediaflow-cache')).toBe('miss');
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(fill(3000, 2));
});
