import { join } from 'node:path';
import { findInstallation } from '../client/installation.ts';
import { type CheckContext, type CheckResult, runChecks } from '../doctor/checks.ts';
import { findHolder } from '../launcher/lock.ts';
import { DEFAULT_PORT_BASE } from '../launcher/port-plan.ts';
import { REPOSITORY } from '../repository.ts';
import { resolveDataDir } from '../settings.ts';
import { paint, toJson } from '../ui/output.ts';
import { formatTable } from '../ui/table.ts';
import type { ClientOptions, Context } from './context.ts';

/** Exit code 1 when anything needed is broken; warnings are not. */
export async function doctor(options: ClientOptions, context: Context): Promise<void> {
  const dataDir = resolveDataDir(options.data, context.cwd, REPOSITORY);
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
  const results = await runChecks(checks);
  context.output.print(options.json === true ? toJson(results) : describe(results));
  if (results.some((result) => result.verdict === 'fail')) process.exitCode = 1;
}

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function describe(results: readonly CheckResult[]): string {
  const rows = results.map(({ verdict, name, finding, remedy }) => [paint(COLOURS[verdict], verdict), name, finding, remedy ?? '']);
  return formatTable(['', 'CHECK', 'FOUND', 'WHAT TO DO'], rows);
}
