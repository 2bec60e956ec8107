import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { findInstallation, findInstallationAt } from '../client/installation.ts';
import { type CheckContext, type CheckResult, runChecks } from '../doctor/checks.ts';
import { checkEdge } from '../doctor/edge-checks.ts';
import { findHolder } from '../launcher/lock.ts';
import { DEFAULT_PORT_BASE } from '../launcher/port-plan.ts';
import { REPOSITORY } from '../repository.ts';
import { resolveDataDir } from '../settings.ts';
import { paint, toJson } from '../ui/output.ts';
import { formatTable } from '../ui/table.ts';
import type { ClientOptions, Context } from './context.ts';

export interface DoctorOptions extends ClientOptions {
  /** Address of an edge. */
  readonly edge?: string;
}

/** Exit code 1 when anything needed is broken; warnings are not. */
export async function doctor(options: DoctorOptions, context: Context): Promise<void> {
  const dataDir = resolveDataDir(options.data, context.cwd, REPOSITORY);
  const results = options.edge === undefined ? await checkMachine(dataDir, context) : await checkDeployed(options.edge, dataDir, context);
  context.output.print(options.json === true ? toJson(results) : describe(results));
  if (results.some((result) => result.verdict === 'fail')) process.exitCode = 1;
}

async function checkMachine(dataDir: string, context: Context): Promise<readonly CheckResult[]> {
  const holder = await findHolder(dataDir);
  const installation = await findInstallation(context.env, dataDir).catch(() => undefined);
  const checks: CheckContext = {
    dataDir,
    env: context.env,
    lockFile: join(REPOSITORY, 'pnpm-lock.yaml'),
    portBase: holder?.portBase ?? DEFAULT_PORT_BASE,
    ...(holder !== undefined && { holder }),
    ...(installation !== undefined && { installation }),
  };
  return runChecks(checks);
}

async function checkDeployed(address: string, dataDir: string, { env, output, signal }: Context): Promise<readonly CheckResult[]> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new AppError('invalid_parameters', `--edge is no http address: "${address}"`);
  const installation = await findInstallationAt(url.origin, env, dataDir);
  if (installation !== undefined) output.say('a session is opened and revoked; until the edge refuses it, half a minute may pass');
  return checkEdge({ url, signal, ...(installation !== undefined && { installation }) });
}

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function describe(results: readonly CheckResult[]): string {
  const rows = results.map(({ verdict, name, finding, remedy }) => [paint(COLOURS[verdict], verdict), name, finding, remedy ?? '']);
  return formatTable(['', 'CHECK', 'FOUND', 'WHAT TO DO'], rows);
}
