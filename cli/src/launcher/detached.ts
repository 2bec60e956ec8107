import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { Env, LaunchSettings } from '../settings.ts';
import { expectNoHolder } from './lock.ts';
import { nodeCommand } from './node-command.ts';

/**
 * Starts a launcher that outlives this process, its output in `{dataDir}/logs/launcher.log`. Resolves to its pid when the platform
 * is ready; throws `unavailable` with what it said when it ends before, `conflict` when one runs
 * already.
 */
export async function startDetached(
  { dataDir, portBase, workers }: LaunchSettings,
  { env, signal }: { readonly env: Env; readonly signal: AbortSignal },
): Promise<number> {
  // Before its log is begun anew, which a launcher that runs writes to.
  await expectNoHolder(dataDir);
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const logPath = join(dataDir, 'logs', 'launcher.log');
  const log = openSync(logPath, 'w', 0o600);
  const { command, args } = nodeCommand('cli/src/main.ts');
  const options = ['--data', dataDir, '--port-base', String(portBase), '--workers', String(workers)];
  const child = spawn(command, [...args, 'up', ...options], { env, detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('error', reject);
      child.once('exit', () => reject(new AppError('unavailable', lastWords(readFileSync(logPath, 'utf8')))));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  child.disconnect();
  child.unref();
  return child.pid as number;
}

/** Without the name of the command, which whoever reports the failure puts before it again. */
export const lastWords = (log: string): string =>
  log
    .trim()
    .slice(-4_000)
    .replace(/^mediaflow: /m, '');
