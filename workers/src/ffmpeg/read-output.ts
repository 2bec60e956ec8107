import { readFile } from 'node:fs/promises';

/** What ffmpeg wrote; undefined where it came to nothing before it made the file. */
export async function readOutput(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
