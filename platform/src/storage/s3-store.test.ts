import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { describeObjectStore } from '../testing/object-store-contract.ts';
import { listKeys, present, readBytes, streamOf } from '../testing/objects.ts';
import { createS3Store, partSizeOf, type S3StoreConfig } from './s3-store.ts';

const s3 = inject('s3');
const admin = new S3Client({ ...s3, credentials: s3, forcePathStyle: true });

async function makeBucket(): Promise<S3StoreConfig> {
  const bucket = `test-${randomBytes(8).toString('hex')}`;
  await admin.send(new CreateBucketCommand({ Bucket: bucket }));
  return { kind: 's3', bucket, forcePathStyle: true, ...s3 };
}

describeObjectStore('an S3 bucket', async () => ({ store: createS3Store(await makeBucket()), close: async () => undefined }));

describe('the S3 store', () => {
  let config: S3StoreConfig;
  let store: ObjectStore;

  beforeEach(async () => {
    config = await makeBucket();
    store = createS3Store(config);
  });

  test('keeps any content type', async () => {
    await store.put('a', Buffer.from('x'), { contentType: 'text/vtt' });
    await store.put('b', streamOf(randomBytes(9 * 1024 * 1024)), { contentType: 'video/mp4' });
    for (const [key, contentType] of [
      ['a', 'text/vtt'],
      ['b', 'video/mp4'],
    ] as const) {
      const object = await present(store.get(key));
      await object.body.cancel();
      expect(object.contentType).toBe(contentType);
    }
  });

  test('aborts a multipart upload whose body broke off: parts nobody sees cost money', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (() => {
        let left = 20;
        return (controller) => {
          left -= 1;
          if (left === 0) controller.error(new Error('the client went away'));
          else controller.enqueue(randomBytes(1024 * 1024));
        };
      })(),
    });
    await expect(store.put('broken', body)).rejects.toThrow('the client went away');
    const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket: config.bucket }));
    expect(Uploads).toEqual([]);
  });

  test('signs URLs that let anyone read or write one object for a while', async () => {
    const putUrl = await store.presign('signed', 'PUT', 60);
    const put = await fetch(putUrl ?? '', { method: 'PUT', body: 'by URL' });
    expect(put.status).toBe(200);
    expect((await readBytes(await present(store.get('signed')))).toString()).toBe('by URL');
    const getUrl = await store.presign('signed', 'GET', 60);
    expect(await (await fetch(getUrl ?? '')).text()).toBe('by URL');
    expect((await fetch(getUrl ?? '', { method: 'PUT', body: 'more' })).status).toBe(403);
    expect((await fetch((getUrl ?? '').replace('/signed?', '/other?'))).status).toBe(403);
  });

  describe('on a server of another kind', () => {
    /** Answers puts as told and counts them; told by their condition. */
    async function startServer(answer: (isConditional: boolean, count: number) => { status: number; code?: string }) {
      const puts: boolean[] = [];
      const server = createHttpServer((request, response) => {
        const isConditional = request.headers['if-none-match'] === '*';
        puts.push(isConditional);
        request.resume();
        const { status, code } = answer(isConditional, puts.length);
        response.writeHead(status, { 'content-type': 'application/xml', etag: '"e"' });
        response.end(code === undefined ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const other = createS3Store({ ...config, endpoint: `http://127.0.0.1:${port}` });
      return { other, puts, close: () => server.close() };
    }
    const put = (other: ObjectStore) => other.put('a', randomBytes(10), { ifAbsent: true });

    test('that does not know the condition, a put if absent is a put', async () => {
      const { other, puts, close } = await startServer((isConditional) =>
        isConditional ? { status: 501, code: 'NotImplemented' } : { status: 200 },
      );
      await put(other);
      expect(puts.at(-1)).toBe(false);
      close();
    });

    test('that sees two writers at once (409), the put is tried again until one has won', async () => {
      const conflict = { status: 409, code: 'ConditionalRequestConflict' };
      const { other, puts, close } = await startServer((_, count) => (count < 3 ? conflict : { status: 412, code: 'PreconditionFailed' }));
      await put(other);
      expect(puts).toEqual([true, true, true]);
      close();
    });

    test('that refuses for another reason, nothing is taken for stored', async () => {
      const { other, close } = await startServer(() => ({ status: 403, code: 'AccessDenied' }));
      await expect(put(other)).rejects.toMatchObject({ code: 'unavailable', details: { status: 403 } });
      close();
    });
  });

  describe('when something is wrong', () => {
    test('a missing bucket is an outage and not an absence', async () => {
      const nowhere = createS3Store({ ...config, bucket: `missing-${randomBytes(8).toString('hex')}` });
      await everyCallIsUnavailable(nowhere);
    });

    test('wrong credentials are an outage and not an absence', async () => {
      await everyCallIsUnavailable(createS3Store({ ...config, secretAccessKey: 'wrong' }));
    });

    test('an unreachable server is an outage and not an absence', async () => {
      const port = await closedPort();
      await everyCallIsUnavailable(createS3Store({ ...config, endpoint: `http://127.0.0.1:${port}` }));
    });

    describe('in the middle of a body', () => {
      let server: Server;
      let folder: string;
      let announcedBytes: number;
      beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), 'mediaflow-s3-'));
        announcedBytes = 1000;
        server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => {
            socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${announcedBytes}\r\netag: "e"\r\n\r\nonly this`);
            setImmediate(() => socket.destroy());
          });
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      });
      afterEach(async () => {
        server.close();
        await rm(folder, { recursive: true, force: true });
      });
      const stage = async (): Promise<boolean> => {
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : undefined;
        return await createS3Store({ ...config, endpoint: `http://127.0.0.1:${port}` }).stage('a', join(folder, 'staged'));
      };

      test('a staged file is whole or not there', async () => {
        await expect(stage()).rejects.toMatchObject({ code: 'unavailable' });
        expect(await readdir(folder)).toEqual([]);
      });

      test('what is larger than the disk is refused before its first byte', async () => {
        announcedBytes = 2 ** 50;
        await expect(stage()).rejects.toMatchObject({ code: 'unavailable', cause: { code: 'ENOSPC' } });
        expect(await readdir(folder)).toEqual([]);
      });
    });
  });
});

test('parts have one size and are never more than 10,000', () => {
  const mebibyte = 1024 * 1024;
  expect(partSizeOf(undefined)).toBe(8 * mebibyte);
  expect(partSizeOf(0)).toBe(8 * mebibyte);
  expect(partSizeOf(80_000 * mebibyte)).toBe(8 * mebibyte);
  expect(partSizeOf(80_000 * mebibyte + 1)).toBe(9 * mebibyte);
  for (const sizeBytes of [1e9, 5e10, 1e11, 5e12]) expect(sizeBytes / partSizeOf(sizeBytes)).toBeLessThanOrEqual(10_000);
});

async function everyCallIsUnavailable(store: ObjectStore): Promise<void> {
  const calls = [
    store.head('a'),
    store.get('a'),
    store.get('a', { offset: 1 }),
    store.put('a', randomBytes(10)),
    store.put('a', streamOf(randomBytes(10))),
    store.put('a', streamOf(randomBytes(10 * 1024 * 1024))),
    listKeys(store, ''),
    store.delete('a'),
    store.stage('a', join(tmpdir(), `mediaflow-${randomBytes(8).toString('hex')}`)),
  ];
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { name: 'AppError', code: 'unavailable', cause: expect.any(Error) } });
  }
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
