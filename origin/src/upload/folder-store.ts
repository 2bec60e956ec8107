import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hasErrno, toStoreError, translated } from '@mediaflow/platform/storage/local-file';
import { FileStore } from '@tus/file-store';
import { ERRORS, type Upload } from '@tus/server';
import { TUS_EXTENSIONS } from './extensions.ts';
import { createFlusher } from './flusher.ts';
import type { SourceDigests } from './hashing.ts';

const DISK_FULL = { status_code: 507, body: 'There is no room left for this file.\n' };
const isDiskFull = (error: unknown): boolean => hasErrno(error, 'ENOSPC', 'EDQUOT');

/**
 * Uploads straight into the folder that is also the object store, so a finished upload is the object and nothing is
 * copied. Beside it lies `{key}.json`, the store's own notes.
 */
export class FolderUploadStore extends FileStore {
  readonly #digests: SourceDigests;

  constructor(directory: string, digests: SourceDigests) {
    super({ directory });
    this.#digests = digests;
    this.extensions = [...TUS_EXTENSIONS];
  }

  /** The stock method, where a disk that fails is an outage: the client comes again. */
  override async create(upload: Upload): Promise<Upload> {
    try {
      return await super.create(upload);
    } catch (error) {
      throw isDiskFull(error) ? DISK_FULL : toStoreError(error);
    }
  }

  /** The stock method with the digest taken on the way, one stream hop less, and a full disk told apart. */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const handle = await translated(open(join(this.directory, id), 'r+'));
    const tap = this.#digests.begin(id, offset);
    const file = handle.createWriteStream({ start: offset });
    const countWritten = createFlusher(handle);
    source.on('data', (chunk: Buffer) => {
      tap.update(chunk);
      countWritten(chunk.length);
    });
    try {
      await pipeline(source, file);
    } catch (error) {
      throw isDiskFull(error) ? DISK_FULL : ERRORS.FILE_WRITE_ERROR;
    } finally {
      tap.end(offset + file.bytesWritten);
    }
    return offset + file.bytesWritten;
  }

  /** Brings a finished upload from the system's cache onto the disk, where a power cut leaves it alone. */
  async flush(id: string): Promise<void> {
    const file = await open(join(this.directory, id), 'r+');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
