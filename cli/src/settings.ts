import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import { z } from 'zod';
import { DEFAULT_PORT_BASE, portBaseSchema, workerCountSchema } from './launcher/port-plan.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What `up` and `demo` take from their options. */
export interface LaunchSettings {
  /** Absolute. */
  readonly dataDir: string;
  readonly portBase: number;
  readonly workers: number;
}

const optionsSchema = z.object({
  portBase: portBaseSchema.default(DEFAULT_PORT_BASE),
  workers: workerCountSchema.default(1),
});

export interface LaunchOptions {
  readonly data?: string | undefined;
  readonly portBase?: string | undefined;
  readonly workers?: string | undefined;
}

/** Pure. Throws `invalid_parameters` naming every option that is wrong. */
export function parseLaunchSettings(options: LaunchOptions, cwd: string, repository: string): LaunchSettings {
  const parsed = optionsSchema.safeParse({ portBase: options.portBase, workers: options.workers });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `--${issue.path[0] === 'portBase' ? 'port-base' : 'workers'}: ${issue.message}`);
    throw new AppError('invalid_parameters', faults.join('\n'));
  }
  return { dataDir: resolveDataDir(options.data, cwd, repository), ...parsed.data };
}

/** `.mediaflow/` of the working tree unless told otherwise, so that the command does the same from every folder. */
export function resolveDataDir(data: string | undefined, cwd: string, repository: string): string {
  if (data === undefined || data === '') return join(repository, '.mediaflow');
  return isAbsolute(data) ? resolve(data) : resolve(cwd, data);
}
