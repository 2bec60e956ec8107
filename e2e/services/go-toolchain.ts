import { execFile } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Fetched where the system's Go is older than the server needs. */
const TOOLCHAIN = '1.26.8';
/** The `go` line of the server's go.mod. */
const OLDEST = [1, 25] as const;

/** With `GOMODCACHE` set: a fetched toolchain goes there. */
export type GoEnvironment = Readonly<Record<string, string | undefined>> & { readonly GOMODCACHE: string };

/**
 * Path of a `go` that is new enough: the system's, else one fetched with it. Debian 12 has Go 1.19; a newer toolchain is an ordinary
 * module of the Go proxy, so that any Go can fetch it, under the user's own GOPROXY and GOSUMDB.
 * Throws with the reason when there is none.
 */
export async function findGo(env: GoEnvironment): Promise<string> {
  const system = (await locateSystemGo(env)) ?? (await installSystemGo(env));
  return isNewEnough(system.version) ? system.path : await fetchToolchain(system.path, env);
}

interface SystemGo {
  readonly path: string;
  readonly version: string;
}

async function locateSystemGo(env: GoEnvironment): Promise<SystemGo | undefined> {
  for (const path of ['go', '/usr/local/go/bin/go']) {
    // `local` stops a newer Go from fetching what the present folder's go.mod may ask for.
    const answer = await run(path, ['env', 'GOVERSION'], { env: { ...env, GOTOOLCHAIN: 'local' } }).catch(() => undefined);
    if (answer !== undefined) return { path, version: answer.stdout.trim() };
  }
  return undefined;
}

async function installSystemGo(env: GoEnvironment): Promise<SystemGo> {
  const needs = 'The S3 server of the tests is built with Go, which is not installed';
  if (process.getuid?.() !== 0) throw new Error(`${needs}: apt-get install golang-go, brew install go, or see https://go.dev/dl/`);
  process.stderr.write(`${needs}: installing golang-go with apt-get.\n`);
  const apt = (...args: readonly string[]) => run('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
  await apt('update', '-qq');
  await apt('install', '-y', '--no-install-recommends', 'golang-go');
  const installed = await locateSystemGo(env);
  if (installed === undefined) throw new Error('golang-go was installed but there is no `go`.');
  return installed;
}

/** `go1.26.8`, `go1.26rc1`; anything else is too old to tell. */
export function isNewEnough(version: string): boolean {
  const match = /^go(\d+)\.(\d+)/.exec(version);
  const [major, minor] = [Number(match?.[1]), Number(match?.[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function fetchToolchain(go: string, env: GoEnvironment): Promise<string> {
  const module = `golang.org/toolchain@v0.0.1-go${TOOLCHAIN}.${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  await run(go, ['mod', 'download', '-modcacherw', module], { env: { ...env, GOTOOLCHAIN: 'local' } });
  const root = join(env.GOMODCACHE, module);
  // A module zip carries no file modes.
  for (const folder of ['bin', join('pkg', 'tool')]) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
  }
  return join(root, 'bin', 'go');
}
