import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CredentialsFile, credentialsFileSchema } from '@mediaflow/shared/credentials-file';
import { isFree } from '../platform/src/testing/spare-port.ts';

const REPOSITORY = new URL('..', import.meta.url).pathname;
const run = promisify(execFile);

/** A whole platform of its own, started by the very command a user types. */
export interface Platform {
  readonly credentials: CredentialsFile;
  readonly dataDir: string;
  readonly portBase: number;
  /** Runs `./mediaflow ARGS` against this platform; resolves to its standard output. */
  mediaflow(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** @param args further ones for `./mediaflow up` */
export async function startPlatform(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<Platform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mediaflow-e2e-'));
  const portBase = await findFreePortBase();
  const environment = { ...inherited(), ...env };
  const mediaflow = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(join(REPOSITORY, 'mediaflow'), args, { env: environment, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  };
  const stop = async (): Promise<void> => {
    await mediaflow('down', '--data', dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await upDetached(dataDir, portBase, environment, args);
    const file: unknown = JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8'));
    return { credentials: credentialsFileSchema.parse(file), dataDir, portBase, mediaflow, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Starts the platform of a data folder, or starts it again. `up --detach` leaves processes behind that keep our pipes open, so its output goes to a file instead. */
export async function upDetached(
  dataDir: string,
  portBase: number,
  env: Readonly<Record<string, string>> = inherited(),
  args: readonly string[] = [],
): Promise<void> {
  const logPath = join(dataDir, 'up.txt');
  const child = spawn(join(REPOSITORY, 'mediaflow'), ['up', '--detach', '--data', dataDir, '--port-base', String(portBase), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logPath);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stdout.destroy();
  child.stderr.destroy();
  log.end();
  if (code !== 0) throw new Error(`mediaflow up failed (${code}):\n${await readFile(logPath, 'utf8')}`);
}

/** Basic authorization for the management API. */
export function authorization({ token_id, token_secret }: CredentialsFile): string {
  return `Basic ${Buffer.from(`${token_id}:${token_secret}`).toString('base64')}`;
}

/** Asks again until `probe` yields something, and fails with `what` after `timeoutMs`. */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, timeoutMs = 120_000, everyMs = 200): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`gave up waiting for ${what}`, { cause: lastError });
}

/** Test files that run side by side look in different places: between finding ports and listening on them another could take them. */
async function findFreePortBase(): Promise<number> {
  // biome-ignore lint/style/noProcessEnv: vitest's number of the process that this one is, among those that run at a time
  const place = Number(process.env.VITEST_POOL_ID ?? 0) % PLACES;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    // Below the ports that the kernel gives to outgoing connections (32768 and up), above the last one that fetch refuses (10080).
    const base = 10_100 + (Math.floor(Math.random() * 275) * PLACES + place) * 20;
    const free = await Promise.all(Array.from({ length: 12 }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no run of free ports found');
}

const PLACES = 4;

function inherited(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: the command under test gets the environment a user's shell would give it
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
