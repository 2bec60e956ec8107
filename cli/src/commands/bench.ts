import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { nodeCommand } from '../launcher/node-command.ts';
import { REPOSITORY } from '../repository.ts';
import type { Context } from './context.ts';
import { ensureServices } from './up.ts';

/** Runs `bench/{name}.ts`, or all of them one after another; each prints its table and writes its JSON. */
export async function bench(name: string | undefined, context: Context): Promise<void> {
  const known = listBenchmarks();
  if (name !== undefined && !known.includes(name)) {
    throw new AppError('not_found', `There is no benchmark "${name}". There are: ${known.join(', ') || 'none yet'}.`);
  }
  await ensureServices(context);
  for (const each of name === undefined ? known : [name]) await run(each, context);
}

/** A benchmark is a file that stands alone in the folder; what they share lies deeper. */
export function listBenchmarks(): readonly string[] {
  return readdirSync(join(REPOSITORY, 'bench'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3))
    .sort();
}

function run(name: string, { env, signal }: Context): Promise<void> {
  const { command, args } = nodeCommand(`bench/${name}.ts`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: REPOSITORY, env, stdio: 'inherit', signal, killSignal: 'SIGTERM' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new AppError('internal', `The benchmark ${name} failed (${code}).`))));
  });
}
