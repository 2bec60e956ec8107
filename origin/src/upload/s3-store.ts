import { Readable } from 'node:stream';
import type { StoreConfig } from '@mediaflow/platform/config';
import { type MetadataValue, type Options, S3Store } from '@tus/s3-store';
import { DataStore, MemoryKvStore, type Upload } from '@tus/server';
import { TUS_EXTENSIONS } from './extensions.ts';
import type { SourceDigests } from './hashing.ts';

type S3Config = Extract<StoreConfig, { kind: 's3' }>;

const MEBIBYTE = 1024 * 1024;
const SMALLEST_PART_BYTES = 8 * MEBIBYTE;
const MAX_PARTS = 10_000;

/** One size for all parts of all uploads: R2 refuses unequal parts, and S3 takes at most 10,000. */
export function planPartBytes(maxUploadBytes: number): number {
  return Math.max(SMALLEST_PART_BYTES, Math.ceil(maxUploadBytes / MAX_PARTS / MEBIBYTE) * MEBIBYTE);
}

/**
 * @tus/s3-store with its parts sent one after another: sent side by side, a part that fails in the middle leaves a hole
 * that the offset does not show. The stock semaphore for that is one for a whole store and held while a part comes in,
 * so that one slow client would hold up all others; therefore each write gets a store of its own. They share the notes.
 */
export class S3UploadStore extends DataStore {
  readonly #options: Options;
  readonly #digests: SourceDigests;
  readonly #store: S3Store;

  constructor(config: S3Config, maxUploadBytes: number, digests: SourceDigests) {
    super();
    const partBytes = planPartBytes(maxUploadBytes);
    this.#digests = digests;
    this.#options = {
      partSize: partBytes,
      minPartSize: partBytes,
      maxConcurrentPartUploads: 1,
      useTags: false,
      cache: new MemoryKvStore<MetadataValue>(),
      s3ClientConfig: {
        bucket: config.bucket,
        region: config.region,
        forcePathStyle: config.forcePathStyle,
        credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
        ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
        // Newer checksums are unknown to some S3 servers, R2 among them for streamed parts.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      },
    };
    this.#store = new S3Store(this.#options);
    this.extensions = [...TUS_EXTENSIONS];
  }

  override create(upload: Upload): Promise<Upload> {
    return this.#store.create(upload);
  }

  override getUpload(id: string): Promise<Upload> {
    return this.#store.getUpload(id);
  }

  override remove(id: string): Promise<void> {
    return this.#store.remove(id);
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const tap = this.#digests.begin(id, offset);
    let stored = -1;
    try {
      stored = await new S3Store(this.#options).write(Readable.from(tapped(source, tap.update), { objectMode: false }), id, offset);
      return stored;
    } finally {
      tap.end(stored);
    }
  }
}

async function* tapped(source: Readable, see: (chunk: Uint8Array) => void): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}
