import type { FileHandle } from 'node:fs/promises';

/** Some bytes of a file from an offset; fewer where it ends. */
export type ReadAt = (offset: number, bytes: number) => Promise<Buffer>;

/** From the file's beginning where the offset lies before it. */
export async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, offset));
  return buffer.subarray(0, bytesRead);
}
