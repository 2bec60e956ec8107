import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { readFileIfExists } from '../files/private-file.ts';
import { REPOSITORY, resolveFromRoot } from '../repository.ts';
import { ensurePrograms } from '../setup/packages.ts';
import type { Context } from './context.ts';
import { addCounts, countReport, formatCount, NONE, type TestCount } from './test-count.ts';

/** A check that is not a test of vitest: passes or fails as a whole. */
interface Check {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

/** All checks, then all tests; with filters only the tests whose file matches. Ends with one line of figures. */
export async function test(filters: readonly string[], context: Context): Promise<void> {
  await ensurePrograms(['ffmpeg', 'redis-server', 'chromium', 'go'], context.env, context.output.say);
  let total = NONE;
  for (const group of filters.length > 0 ? [] : await listChecks()) total = addCounts(total, await runSideBySide(group, context));
  context.output.say('\n> tests');
  total = addCounts(total, await runVitest(filters, context));
  context.output.print(formatCount(total));
  if (total.failed > 0) process.exitCode = 1;
}

/** In groups: one of them may need what one before it has made. */
async function listChecks(): Promise<readonly (readonly Check[])[]> {
  const packages = (await readdir(REPOSITORY)).filter((name) => existsSync(join(REPOSITORY, name, 'tsconfig.json'))).sort();
  return [
    [{ name: 'web build', args: ['--run', 'build'], cwd: join(REPOSITORY, 'web') }],
    [
      { name: 'lint', args: ['--run', 'lint'] },
      ...packages.map((name) => ({ name: `types of ${name}`, args: ['--run', 'types'], cwd: join(REPOSITORY, name) })),
      { name: 'edge bundle', args: [resolveFromRoot('wrangler'), 'deploy', '--dry-run', '--outdir', join('edge', 'dist')] },
    ],
  ];
}

/** One to a core; what each says is shown in one piece when it has ended. */
async function runSideBySide(checks: readonly Check[], context: Context): Promise<TestCount> {
  const waiting = checks.values();
  let total = NONE;
  const runNext = async (): Promise<void> => {
    for (const { name, args, cwd } of waiting) {
      const said: Buffer[] = [];
      const code = await run(args, context, { ...(cwd !== undefined && { cwd }), onOutput: (chunk) => void said.push(chunk) });
      context.output.say(`\n> ${name}\n${Buffer.concat(said).toString()}`.trimEnd());
      if (code !== 0) context.output.say(`> ${name} FAILED`);
      total = addCounts(total, { ...NONE, [code === 0 ? 'passed' : 'failed']: 1 });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runNext));
  return total;
}

async function runVitest(filters: readonly string[], context: Context): Promise<TestCount> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaflow-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(dirname(resolveFromRoot('vitest/package.json')), 'vitest.mjs');
  try {
    const code = await run([vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], context);
    return countReport(await readFileIfExists(report), code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  readonly cwd?: string;
  /** Given, it gets what is said on either stream; else that goes to our terminal. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** Runs Node. Resolves to the exit code, null for a signal; throws when we are told to stop. */
function run(args: readonly string[], { env, signal }: Context, { cwd = REPOSITORY, onOutput }: RunOptions = {}): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const stdio = onOutput === undefined ? 'inherit' : ['ignore' as const, 'pipe' as const, 'pipe' as const];
    const child = spawn(process.execPath, args, { cwd, env: { ...env, ...QUIET }, stdio, signal, killSignal: 'SIGTERM' });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => onOutput?.(chunk));
    child.once('error', (error) => reject(new AppError('internal', `Could not run: ${args.join(' ')}`, { cause: error })));
    child.once('close', (code) => resolve(code));
  });
}

const QUIET = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
