import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';

/** Readable by its owner only (0600), whole or not there: written beside its place, flushed, and renamed. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The text, or undefined when there is no such file. */
export async function readFileIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A random secret of `byteCount` bytes in hex, made at the first call and the same ever after. */
export async function readOrCreateSecret(path: string, byteCount: number): Promise<string> {
  const known = await readFileIfExists(path);
  if (known !== undefined) return known.trim();
  const secret = randomBytes(byteCount).toString('hex');
  await writePrivateFile(path, `${secret}\n`);
  return secret;
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
