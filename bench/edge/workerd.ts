import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { runStep } from '../../cli/src/launcher/run-step.ts';
import { REPOSITORY, resolveFromRoot } from '../../cli/src/repository.ts';
import { findFreePort } from '../../cli/src/services/free-port.ts';
import { type RunningService, startService } from '../../cli/src/services/service.ts';

export interface WorkerdOptions {
  readonly directory: string;
  readonly name: string;
  /** From the repository's root; bundled as `wrangler deploy` does. */
  readonly script: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Port of the worker that keeps the entries of this one's Cache API. */
  readonly cachePort?: number;
  /** Requests name the whole URL, as the Cache API's do. */
  readonly isProxy?: boolean;
}

export interface Workerd extends RunningService {
  readonly port: number;
}

/**
 * One worker in a workerd of its own, without wrangler's proxy and simulators in between: those cost three times what they serve
 * (docs/performance.md), so that nothing could be told about the worker.
 */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const directory = join(options.directory, options.name);
  const [port, compatibility] = [await findFreePort(), await readCompatibility()];
  await bundle({ ...options, directory }, compatibility);
  const config = join(directory, 'workerd.capnp');
  await writeFile(config, stringifyConfig({ ...options, ...compatibility, port, bundle: `${basename(options.script, '.ts')}.js` }));
  const url = `http://127.0.0.1:${port}`;
  const service = await startService({
    url,
    spec: {
      name: options.name,
      command: locateWorkerd(),
      args: ['serve', config],
      cwd: directory,
      stopSignal: 'SIGTERM',
      stopGraceMs: 5_000,
    },
    ping: async () => {
      await (await fetch(`${url}/health`)).arrayBuffer();
    },
  });
  return { ...service, port };
}

async function bundle({ directory, name, script }: WorkerdOptions, { date, flags }: Compatibility): Promise<void> {
  await mkdir(directory, { recursive: true });
  const settings = {
    name: name.replaceAll(' ', '-'),
    main: join(REPOSITORY, script),
    compatibility_date: date,
    compatibility_flags: flags,
    keep_names: false,
  };
  await writeFile(join(directory, 'wrangler.json'), JSON.stringify(settings));
  await runStep(
    {
      name: `the bundle of ${script}`,
      command: process.execPath,
      args: ['--no-warnings', resolveFromRoot('wrangler'), 'deploy', '--config', 'wrangler.json', '--dry-run', '--outdir', '.'],
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
      cwd: directory,
    },
    () => undefined,
  );
}

interface Compatibility {
  readonly date: string;
  readonly flags: readonly string[];
}

/** The edge's own, so that both sides run what is deployed. */
async function readCompatibility(): Promise<Compatibility> {
  const text = await readFile(join(REPOSITORY, 'wrangler.toml'), 'utf8');
  const date = /^compatibility_date = "(\d{4}-\d{2}-\d{2})"$/m.exec(text)?.[1];
  const flags = /^compatibility_flags = (\[.*\])$/m.exec(text)?.[1];
  if (date === undefined) throw new Error('wrangler.toml names no compatibility date');
  return { date, flags: JSON.parse(flags ?? '[]') };
}

/** The binary that wrangler brings. */
function locateWorkerd(): string {
  const workerd: { readonly default: string } = createRequire(resolveFromRoot('wrangler'))('workerd');
  return workerd.default;
}

interface ConfigOptions extends Pick<WorkerdOptions, 'variables' | 'cachePort' | 'isProxy'>, Compatibility {
  readonly port: number;
  /** File beside the configuration. */
  readonly bundle: string;
}

/** Cap'n Proto text (workerd.capnp). Variables are JSON strings, which it reads as its own. */
export function stringifyConfig({ port, date, flags, bundle, variables = {}, cachePort, isProxy = false }: ConfigOptions): string {
  const bindings = Object.entries(variables).map(([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`);
  const cacheService = `(name = "cache", external = (address = "127.0.0.1:${cachePort}", http = (style = proxy))),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "network", network = (allow = ["local"])),
    ${cachePort === undefined ? '' : cacheService}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (${isProxy ? 'style = proxy' : ''}), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "${bundle}")],
  compatibilityDate = "${date}",
  compatibilityFlags = ${JSON.stringify(flags)},
  bindings = [${bindings.join(', ')}],
  ${cachePort === undefined ? '' : 'cacheApiOutbound = "cache",'}
  globalOutbound = "network",
);
`;
}
