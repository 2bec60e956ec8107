import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfExists } from '../files/private-file.ts';
import { REPOSITORY } from '../repository.ts';
import { runStep } from './run-step.ts';

const STAMP = join(REPOSITORY, '.tools', 'web-build');
const SOURCES = ['web', 'shared/src', 'pnpm-lock.yaml'];
const SKIPPED = new Set(['node_modules', 'dist']);

/** Builds `web/dist` when it is missing or its sources changed since. Resolves to whether it did. */
export async function buildWebIfStale(onLine: (line: string) => void, signal?: AbortSignal): Promise<boolean> {
  const hash = await hashSources(REPOSITORY, SOURCES);
  if (existsSync(join(REPOSITORY, 'web/dist/index.html')) && (await readFileIfExists(STAMP)) === hash) return false;
  await runStep({ name: 'web build', command: process.execPath, args: ['--run', 'build'], cwd: join(REPOSITORY, 'web') }, onLine, signal);
  await mkdir(join(REPOSITORY, '.tools'), { recursive: true });
  await writeFile(STAMP, hash);
  return true;
}

/** SHA-256 over names and contents, in order. */
export async function hashSources(root: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await listFiles(root, path))
      hash
        .update(`${file}\0`)
        .update(await readFile(join(root, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

async function listFiles(root: string, path: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const wanted = entries.filter((entry) => !SKIPPED.has(entry.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const nested = await Promise.all(
    wanted.map((entry) => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) return listFiles(root, child);
      return entry.isFile() ? [child] : [];
    }),
  );
  return nested.flat();
}
