import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningService, startService } from '../../cli/src/services/service.ts';
import { findGo } from './go-toolchain.ts';
import type { S3Access } from './s3-access.ts';

const run = promisify(execFile);

const TOOLS = new URL('../../.tools/', import.meta.url).pathname;
/** Versity's S3 gateway over a folder: one static binary, 36 MB of memory, complete in multipart uploads, ranges and presigned URLs. */
const PACKAGE = 'github.com/versity/versitygw/cmd/versitygw';
const VERSION = 'v1.8.0';
const REGION = 'us-east-1';

/** Path of the server's binary. Built at the first call (a minute or two, from the Go module proxy), kept in `.tools/bin/`. */
export async function ensureS3Server(): Promise<string> {
  const binary = join(TOOLS, 'bin', `versitygw-${VERSION}`);
  const isThere = await access(binary).then(
    () => true,
    () => false,
  );
  if (!isThere) await build(binary);
  return binary;
}

/** In a Go home of its own, removed afterwards, so that nothing is left in the user's. The binary appears whole or not at all. */
async function build(binary: string): Promise<void> {
  process.stderr.write(`Building the S3 server of the tests (${PACKAGE}@${VERSION}); once, for a minute or two.\n`);
  await mkdir(join(TOOLS, 'bin'), { recursive: true });
  const home = await mkdtemp(join(TOOLS, 'go-'));
  try {
    const env = {
      // biome-ignore lint/style/noProcessEnv: Go reads the user's GOPROXY, GOSUMDB and GOFLAGS from it
      ...process.env,
      GOPATH: home,
      GOMODCACHE: join(home, 'pkg', 'mod'),
      GOCACHE: join(home, 'cache'),
      GOBIN: join(home, 'bin'),
      GOROOT: undefined,
      CGO_ENABLED: '0',
    };
    const go = await findGo(env);
    const args = ['install', '-modcacherw', '-trimpath', '-ldflags=-s -w', `${PACKAGE}@${VERSION}`];
    await run(go, args, { env: { ...env, GOTOOLCHAIN: 'local' }, cwd: home, maxBuffer: 16 * 1024 * 1024 });
    await rename(join(home, 'bin', 'versitygw'), binary);
  } catch (error) {
    throw new Error('The S3 server of the tests could not be built.', { cause: error });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export interface S3ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Made before it starts; any client may create more. */
  readonly buckets?: readonly string[];
}

/** A real S3 server on a folder. */
export async function startS3Server({
  dataDir,
  port,
  buckets = [],
}: S3ServerOptions): Promise<RunningService & { readonly access: S3Access }> {
  const [objects, metadata] = [join(dataDir, 'objects'), join(dataDir, 'metadata')];
  // To the server a folder below its root is a bucket.
  const folders = [objects, metadata, ...buckets.map((bucket) => join(objects, bucket))];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  const access: S3Access = {
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    accessKeyId: 'mediaflow',
    secretAccessKey: randomBytes(16).toString('hex'),
  };
  const service = await startService({
    url: access.endpoint,
    spec: {
      name: 's3-server',
      command: await ensureS3Server(),
      // Metadata in a folder beside: not every file system has extended attributes.
      args: ['--quiet', '--keep-alive', '--port', `127.0.0.1:${port}`, '--region', REGION, 'posix', '--sidecar', metadata, objects],
      env: { ROOT_ACCESS_KEY_ID: access.accessKeyId, ROOT_SECRET_ACCESS_KEY: access.secretAccessKey },
      cwd: dataDir,
      stopSignal: 'SIGTERM',
      stopGraceMs: 5_000,
    },
    // Any answer will do: without a signature it is a refusal.
    ping: async () => {
      await fetch(access.endpoint, { signal: AbortSignal.timeout(2_000) });
    },
  });
  return { ...service, access };
}
