import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  assertObjectKey,
  assertObjectPrefix,
  type ByteRange,
  type ObjectInfo,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
} from '@mediaflow/shared/object-store';
import type { StoreConfig } from '../config.ts';
import { parseContentRange, stringifyRange } from './byte-range.ts';
import { assertRoom, writeChunks, writeWhole } from './local-file.ts';
import { assertSize, measureBody } from './measured-body.ts';
import { isAbsentKey, isAlreadyThere, isConditionUnknown, isConflict, toS3Error } from './s3-error.ts';
import { toWebBody } from './web-body.ts';

export type S3StoreConfig = Extract<StoreConfig, { kind: 's3' }>;

const MEBIBYTE = 1024 * 1024;
const MAX_PARTS = 10_000;
/** Parts in flight for one object; each is held in memory. */
const PARTS_AT_ONCE = 3;
/** Again when another writer of the same key was in the way; AWS answers 409 then and asks for just that. */
const CONFLICT_ATTEMPTS = 3;
const CONNECT_TIMEOUT_MS = 5_000;
/** Without a byte in either direction. */
const IDLE_TIMEOUT_MS = 60_000;

/** Objects in one bucket of R2 or any other S3. Every call is retried three times by the SDK before it is `unavailable`. */
export function createS3Store(config: S3StoreConfig): ObjectStore {
  const client = createS3Client(config);
  const Bucket = config.bucket;
  /** HEAD answers 404 for a missing key and for a missing bucket alike; only the other methods say which. */
  let hasSeenBucket = false;

  const open = async (key: string, range?: ByteRange): Promise<StoredObject | undefined> => {
    const target = { Bucket, Key: assertObjectKey(key), ...(range !== undefined && { Range: stringifyRange(range) }) };
    try {
      return toStoredObject(await client.send(new GetObjectCommand(target)));
    } catch (error) {
      if (isAbsentKey(error)) return undefined;
      throw toS3Error(error);
    }
  };

  const head = async (key: string): Promise<ObjectInfo | undefined> => {
    const target = { Bucket, Key: assertObjectKey(key) };
    try {
      const { ContentLength = 0, ETag = '' } = await client.send(new HeadObjectCommand(target));
      hasSeenBucket = true;
      return { sizeBytes: ContentLength, etag: ETag };
    } catch (error) {
      if (!isAbsentKey(error)) throw toS3Error(error);
      if (!hasSeenBucket) await (await open(key))?.body.cancel();
      hasSeenBucket = true;
      return undefined;
    }
  };

  return {
    head,
    get: open,

    async put(key, body, { contentType, sizeBytes, ifAbsent = false }: PutOptions = {}) {
      const target = { Bucket, Key: assertObjectKey(key), ...(contentType !== undefined && { ContentType: contentType }) };
      if (body instanceof Uint8Array) {
        assertSize(body.byteLength, sizeBytes);
        await (ifAbsent ? putIfAbsent : putAlways)(client, { ...target, Body: body });
        return;
      }
      // A stream cannot be sent again to a server that does not know the condition, so here a look must do.
      if (ifAbsent && (await head(key)) !== undefined) return await body.cancel();
      const source = Readable.from(measureBody(body, sizeBytes));
      const upload = new Upload({
        client,
        params: { ...target, Body: source },
        partSize: partSizeOf(sizeBytes),
        queueSize: PARTS_AT_ONCE,
      });
      await upload.done().catch((error: unknown) => {
        // What the caller's own stream threw is not S3's fault.
        throw source.errored ?? toS3Error(error);
      });
    },

    async *list(prefix) {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: assertObjectPrefix(prefix) });
      for (;;) {
        const { value: page, done } = await translated(pages.next());
        if (done) return;
        for (const { Key, Size = 0, ETag = '' } of page.Contents ?? []) {
          if (Key !== undefined) yield { key: Key, sizeBytes: Size, etag: ETag };
        }
      }
    },

    async delete(key) {
      const target = { Bucket, Key: assertObjectKey(key) };
      await client.send(new DeleteObjectCommand(target)).catch((error: unknown) => {
        // S3 itself answers 204 here; some others say what they found.
        if (!isAbsentKey(error)) throw toS3Error(error);
      });
    },

    async stage(key, path) {
      const object = await open(key);
      if (object === undefined) return false;
      try {
        await writeWhole(path, async (draft) => {
          await assertRoom(dirname(draft), object.sizeBytes);
          await writeChunks(draft, measureBody(object.body, object.sizeBytes));
        });
      } catch (error) {
        // Where nothing began to read it, the connection would stay open.
        await object.body.cancel().catch(() => undefined);
        throw error;
      }
      return true;
    },

    async presign(key, method, expiresInSeconds) {
      const target = { Bucket, Key: assertObjectKey(key) };
      const command = method === 'GET' ? new GetObjectCommand(target) : new PutObjectCommand(target);
      return await getSignedUrl(client, command, { expiresIn: expiresInSeconds });
    },
  };
}

async function putAlways(client: S3Client, target: PutObjectCommandInput): Promise<void> {
  await translated(client.send(new PutObjectCommand(target)));
}

/** `If-None-Match: *` (AWS, R2, MinIO, Ceph know it): the server compares and writes in one step. */
async function putIfAbsent(client: S3Client, target: PutObjectCommandInput): Promise<void> {
  for (let attemptsLeft = CONFLICT_ATTEMPTS; ; attemptsLeft -= 1) {
    try {
      await client.send(new PutObjectCommand({ ...target, IfNoneMatch: '*' }));
      return;
    } catch (error) {
      if (isAlreadyThere(error)) return;
      if (isConditionUnknown(error)) return await putAlways(client, target);
      if (!isConflict(error) || attemptsLeft === 0) throw toS3Error(error);
    }
  }
}

function createS3Client(config: S3StoreConfig): S3Client {
  return new S3Client({
    region: config.region,
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    forcePathStyle: config.forcePathStyle,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    retryMode: 'standard',
    // The checksum trailers that the SDK would add by itself are not understood by every S3 (R2, older MinIO and Ceph).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
  });
}

/** All parts but the last have one size, as R2 insists, and there are never more than S3's 10,000. Without a size: up to 80 GB. */
export function partSizeOf(sizeBytes: number | undefined): number {
  const wholeMebibytes = Math.ceil((sizeBytes ?? 0) / MAX_PARTS / MEBIBYTE);
  return Math.max(8, wholeMebibytes) * MEBIBYTE;
}

function toStoredObject(output: GetObjectCommandOutput): StoredObject {
  const { Body, ContentLength: length = 0, ContentRange, ContentType, ETag = '' } = output;
  const part = parseContentRange(ContentRange);
  return {
    sizeBytes: part?.sizeBytes ?? length,
    etag: ETag,
    ...(ContentType !== undefined && { contentType: ContentType }),
    range: { offset: part?.offset ?? 0, length },
    body: toWebBody(Body instanceof Readable ? Body : Readable.from([]), toS3Error),
  };
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toS3Error(error);
  }
}
