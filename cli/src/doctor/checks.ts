import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { readinessSchema } from '@mediaflow/shared/api';
import { createApiClient } from '../client/api-client.ts';
import type { Installation } from '../client/installation.ts';
import { readFileIfExists } from '../files/private-file.ts';
import type { LockHolder } from '../launcher/lock.ts';
import { describeTakenPorts, findTakenPorts } from '../launcher/port-check.ts';
import { listPorts, planPorts } from '../launcher/port-plan.ts';
import { REPOSITORY } from '../repository.ts';
import { locatePostgres } from '../services/postgres-binaries.ts';
import { findPostgresUser } from '../services/postgres-user.ts';
import type { Env } from '../settings.ts';
import { installAdvice, type Program } from '../setup/install-plan.ts';
import { findPackageManager, findProgram } from '../setup/packages.ts';
import { commandLine } from '../ui/command-line.ts';
import { type Finding, judgeDiskSpace, judgeEncoders, judgeNode } from './judge.ts';

const run = promisify(execFile);

export interface CheckResult extends Finding {
  readonly name: string;
}

export interface CheckContext {
  readonly dataDir: string;
  readonly env: Env;
  readonly lockFile: string;
  readonly portBase: number;
  readonly holder?: LockHolder;
  readonly installation?: Installation;
}

/** All findings, in the order in which things are needed. Never throws: a check that cannot be made is a finding. */
export async function runChecks(context: CheckContext): Promise<readonly CheckResult[]> {
  const checks: readonly [string, Check][] = [
    ['node', async () => judgeNode(process.version)],
    ['dependencies', () => checkDependencies(context)],
    ['ffmpeg', () => checkFfmpeg(context)],
    ['redis', () => checkRedis(context)],
    ['postgres', () => checkPostgres(context)],
    ['disk', () => checkDisk(context)],
    ['ports', () => checkPorts(context)],
    ['platform', async () => describeHolder(context)],
    ['credentials', () => checkCredentials(context)],
    ['ready', () => checkReadiness(context)],
  ];
  return (await Promise.all(checks.map(([name, check]) => attempt(name, check)))).flat();
}

/** One finding, or some with names of their own. */
type Check = () => Promise<Finding | readonly CheckResult[]>;

/** Never throws: a check that cannot be made is a finding. */
export async function attempt(name: string, check: Check): Promise<readonly CheckResult[]> {
  try {
    const result = await check();
    return 'verdict' in result ? [{ name, ...result }] : result;
  } catch (error) {
    return [{ name, verdict: 'fail', finding: error instanceof Error ? error.message : String(error) }];
  }
}

async function checkDependencies({ lockFile }: CheckContext): Promise<Finding> {
  const installed = await readFileIfExists(`${REPOSITORY}/node_modules/.pnpm/lock.yaml`);
  if (installed === undefined) return { verdict: 'fail', finding: 'not installed', remedy: 'pnpm install --frozen-lockfile' };
  if (installed === (await readFileIfExists(lockFile))) return { verdict: 'ok', finding: 'as in pnpm-lock.yaml' };
  return { verdict: 'warn', finding: 'differ from pnpm-lock.yaml', remedy: 'pnpm install --frozen-lockfile' };
}

async function checkFfmpeg({ env }: CheckContext): Promise<Finding> {
  const missing = missingProgram('ffmpeg', env);
  if (missing !== undefined) return missing;
  const [version, encoders] = await Promise.all([
    run('ffmpeg', ['-hide_banner', '-version']),
    run('ffmpeg', ['-hide_banner', '-encoders']),
  ]);
  return judgeEncoders(version.stdout, encoders.stdout);
}

async function checkRedis({ env }: CheckContext): Promise<Finding> {
  if (env.REDIS_URL) return { verdict: 'ok', finding: 'yours, by REDIS_URL' };
  const missing = missingProgram('redis-server', env);
  if (missing !== undefined) return missing;
  const { stdout } = await run('redis-server', ['--version']);
  return { verdict: 'ok', finding: stdout.split(' sha=')[0]?.trim() ?? '' };
}

function missingProgram(program: Program, env: Env): Finding | undefined {
  if (findProgram(program, env) !== undefined) return undefined;
  return { verdict: 'fail', finding: 'not found', remedy: installAdvice(findPackageManager(env), [program]) };
}

async function checkPostgres({ env }: CheckContext): Promise<Finding> {
  if (env.DATABASE_URL) return { verdict: 'ok', finding: 'yours, by DATABASE_URL' };
  const { postgres } = await locatePostgres(await findPostgresUser());
  const { stdout } = await run(postgres, ['--version'], { cwd: '/' });
  return { verdict: 'ok', finding: stdout.trim() };
}

async function checkDisk({ dataDir }: CheckContext): Promise<Finding> {
  // Before the first start the folder is not there; it will be on its parent's disk.
  const stats = await statfs(dataDir).catch(() => statfs(dirname(dataDir)));
  return judgeDiskSpace(stats.bavail * stats.bsize);
}

async function checkPorts({ env, portBase, holder }: CheckContext): Promise<Finding> {
  if (holder !== undefined) return { verdict: 'ok', finding: `${portBase} and up, in use by the platform` };
  const external = { postgres: Boolean(env.DATABASE_URL), redis: Boolean(env.REDIS_URL) };
  const taken = await findTakenPorts(listPorts(planPorts(portBase, 1), external));
  if (taken.length === 0) return { verdict: 'ok', finding: `${portBase} and up are free` };
  const [, ...lines] = describeTakenPorts(taken).split('\n');
  return { verdict: 'fail', finding: lines.slice(0, -1).join(';').trim(), remedy: lines.at(-1) ?? '' };
}

function describeHolder({ holder, dataDir }: CheckContext): Finding {
  if (holder === undefined) return { verdict: 'warn', finding: 'not running', remedy: commandLine('up', dataDir) };
  return { verdict: 'ok', finding: `running, pid ${holder.pid}, ${holder.workers} worker${holder.workers === 1 ? '' : 's'}` };
}

async function checkCredentials({ installation, dataDir }: CheckContext): Promise<Finding> {
  if (installation === undefined)
    return { verdict: 'warn', finding: `none in ${dataDir}`, remedy: `${commandLine('up', dataDir)} makes them` };
  await createApiClient(installation, { patienceMs: 0 }).send('/system/v1/whoami', {});
  return { verdict: 'ok', finding: `accepted by ${installation.apiUrl}` };
}

async function checkReadiness({ installation, holder, portBase }: CheckContext): Promise<readonly CheckResult[]> {
  const local = holder === undefined ? undefined : planPorts(portBase, holder.workers);
  const targets = [
    ...(installation === undefined ? [] : [{ name: 'edge', url: installation.apiUrl }]),
    ...(local === undefined ? [] : [{ name: 'origin', url: `http://127.0.0.1:${local.origin}` }]),
    ...(local?.workers ?? []).map((port, index) => ({ name: `worker-${index + 1}`, url: `http://127.0.0.1:${port}` })),
  ];
  return Promise.all(targets.map(async ({ name, url }) => ({ name: `${name} ready`, ...(await askReady(url)) })));
}

export async function askReady(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) });
    const checks = readinessSchema.safeParse(await response.json()).data?.checks ?? {};
    if (response.ok) return { verdict: 'ok', finding: Object.keys(checks).join(', ') || 'ready' };
    const broken = Object.entries(checks).filter(([, check]) => !check.ok);
    const reasons = broken.map(([name, check]) => `${name}: ${check.error ?? 'not ok'}`).join('; ');
    return { verdict: 'fail', finding: reasons || `answers ${response.status}`, remedy: 'see the logs folder' };
  } catch {
    return { verdict: 'fail', finding: `no answer from ${url}`, remedy: './mediaflow up' };
  }
}
