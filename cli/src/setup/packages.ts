import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { Env } from '../settings.ts';
import { elevate, installAdvice, installScript, PACKAGE_MANAGERS, type PackageManager, type Program } from './install-plan.ts';

/** Other names under which a program may be there already. */
const ALIASES: Partial<Record<Program, readonly string[]>> = {
  chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/**
 * Installs those of `programs` that are not on PATH, with one line said before. Throws `unavailable` with what to type
 * when that fails or is not ours to do.
 */
export async function ensurePrograms(programs: readonly Program[], env: Env, say: (text: string) => void): Promise<void> {
  const missing = programs.filter((program) => findProgram(program, env) === undefined);
  if (missing.length === 0) return;
  const manager = findPackageManager(env);
  const advice = installAdvice(manager, missing);
  const command =
    manager &&
    elevate(manager, installScript(manager, missing), {
      isRoot: process.getuid?.() === 0,
      hasSudo: onPath('sudo', env) !== undefined,
      isInteractive: process.stdin.isTTY === true,
    });
  if (command === undefined) throw new AppError('unavailable', `${missing.join(' and ')} not found. ${advice}`);
  say(`installing ${missing.join(', ')} with ${manager} (once)`);
  const output = await run(command, env);
  if (output !== undefined) throw new AppError('unavailable', `${manager} could not install ${missing.join(', ')}:\n${output}\n${advice}`);
}

/** Path of the program, undefined when it is not there. */
export function findProgram(program: Program, env: Env): string | undefined {
  for (const name of [program, ...(ALIASES[program] ?? [])]) {
    const path = onPath(name, env);
    if (path !== undefined) return path;
  }
  return undefined;
}

export function findPackageManager(env: Env): PackageManager | undefined {
  return PACKAGE_MANAGERS.find((manager) => onPath(manager, env) !== undefined);
}

function onPath(name: string, env: Env): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Resolves to undefined when it went well, to the end of the output when not. */
function run([command, ...args]: readonly [string, ...string[]], env: Env): Promise<string | undefined> {
  return new Promise((resolve) => {
    // The terminal stays connected: sudo may ask for a password there.
    const child = spawn(command, args, { env, stdio: ['inherit', 'pipe', 'pipe'] });
    let tail = '';
    const collect = (chunk: Buffer): void => {
      tail = (tail + chunk.toString('utf8')).slice(-2_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : tail.trim()));
  });
}
