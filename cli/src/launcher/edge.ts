import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../files/private-file.ts';
import type { ChildSpec } from '../process/child.ts';
import { REPOSITORY, resolveFromRoot } from '../repository.ts';
import type { Env } from '../settings.ts';
import { pingHttp } from './ping.ts';

export interface EdgeOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly inspectorPort: number;
  /** The worker's variables and secrets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env: Env;
}

/** A connection to a workerd that died stays open without an answer: asking again is how its successor is found. */
const PING_TIMEOUT_MS = 3_000;

/** The edge under workerd, by wrangler. The secret goes by a private file: a command line is everybody's to read. */
export async function planEdge({ dataDir, port, inspectorPort, variables, env }: EdgeOptions) {
  // Nothing of the edge outlives it, its emulated cache least of all: after a kill that can hold an entry whose bytes never reached
  // the disk, and would answer with it for ever.
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const variableFile = join(dataDir, 'variables.env');
  await writePrivateFile(variableFile, stringifyVariables(variables));
  const spec: ChildSpec = {
    name: 'edge',
    command: process.execPath,
    // wrangler's own starter would be one more process that can die alone.
    args: ['--no-warnings', resolveFromRoot('wrangler'), 'dev', ...edgeArguments({ dataDir, port, inspectorPort, variableFile })],
    env: { ...env, ...QUIET, WRANGLER_LOG_PATH: join(dataDir, 'logs'), WRANGLER_REGISTRY_PATH: join(dataDir, 'registry') },
    cwd: REPOSITORY,
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
  };
  return { spec, ping: () => pingHttp(`http://127.0.0.1:${port}/health`, PING_TIMEOUT_MS) };
}

/** No questions, and no calls to Cloudflare: neither statistics nor news nor a sample of `request.cf`. */
const QUIET: Env = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  CI: 'true',
};

interface EdgeArguments extends Pick<EdgeOptions, 'dataDir' | 'port' | 'inspectorPort'> {
  readonly variableFile: string;
}

export function edgeArguments({ dataDir, port, inspectorPort, variableFile }: EdgeArguments): readonly string[] {
  return [
    ...['--config', join(REPOSITORY, 'wrangler.toml')],
    ...['--ip', '127.0.0.1', '--port', String(port)],
    ...['--inspector-ip', '127.0.0.1', '--inspector-port', String(inspectorPort)],
    ...['--persist-to', join(dataDir, 'state')],
    ...['--env-file', variableFile],
    ...['--local', '--log-level', 'warn', '--show-interactive-dev-session=false'],
  ];
}

/** dotenv's syntax; values are quoted so that none can start another line. */
export function stringifyVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join('');
}
