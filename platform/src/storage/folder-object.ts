import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { mediaContentType, parseMediaKey } from '@mediaflow/shared/keys';
import type { ByteRange, ObjectInfo, StoredObject } from '@mediaflow/shared/object-store';
import { resolveRange } from './byte-range.ts';
import { ignoreErrno, toStoreError, translated } from './local-file.ts';
import { toWebBody } from './web-body.ts';

const READ_CHUNK_BYTES = 256 * 1024;

export async function openObject(key: string, path: string, range: ByteRange | undefined): Promise<StoredObject | undefined> {
  const file = await open(path, 'r').catch(ignoreErrno('ENOENT', 'ENOTDIR'));
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) {
      await file.close();
      return undefined;
    }
    const info = toInfo(stats);
    const part = resolveRange(range, info.sizeBytes);
    const media = parseMediaKey(key);
    // `end` is inclusive and cannot say "nothing"; an empty file is simply read to its end.
    const end = part.length === 0 ? Number.POSITIVE_INFINITY : part.offset + part.length - 1;
    const stream = file.createReadStream({ start: part.offset, end, highWaterMark: READ_CHUNK_BYTES });
    return {
      ...info,
      ...(media !== undefined && { contentType: mediaContentType(media.object) }),
      range: part,
      body: toWebBody(stream, toStoreError),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Undefined for what is no file. */
export async function statFile(path: string): Promise<BigIntStats | undefined> {
  const stats = await translated(stat(path, { bigint: true }).catch(ignoreErrno('ENOENT', 'ENOTDIR')));
  return stats?.isFile() ? stats : undefined;
}

/** A put makes a new inode while the old one still exists, so two puts differ even within one tick of the file system's clock. */
export function toInfo(stats: BigIntStats): ObjectInfo {
  const etag = [stats.ino, stats.size, stats.mtimeNs].map((value) => value.toString(36)).join('-');
  return { sizeBytes: Number(stats.size), etag: `"${etag}"` };
}
