import { type ApiClient, createApiClient } from '../client/api-client.ts';
import { findInstallation, type Installation } from '../client/installation.ts';
import { REPOSITORY } from '../repository.ts';
import { type Env, resolveDataDir } from '../settings.ts';
import { commandLine } from '../ui/command-line.ts';
import type { Output } from '../ui/output.ts';

/** What every command gets from main. */
export interface Context {
  readonly env: Env;
  /** The folder the person is in: relative paths start there. */
  readonly cwd: string;
  readonly output: Output;
  /** Aborted by Ctrl-C, SIGTERM or a closed terminal. */
  readonly signal: AbortSignal;
}

export interface ClientOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** A short outage is waited for; a platform that is not running is said so at once. */
const PATIENCE_MS = 1_000;

export async function connect(context: Context, { data }: ClientOptions): Promise<{ installation: Installation; api: ApiClient }> {
  const installation = await findInstallation(context.env, resolveDataDir(data, context.cwd, REPOSITORY));
  return { installation, api: createApiClient(installation, { patienceMs: PATIENCE_MS, signal: context.signal }) };
}

/** What to type next, for the same data folder. */
export const nextCommand = (words: string, { data }: ClientOptions, { cwd }: Pick<Context, 'cwd'>): string =>
  commandLine(words, resolveDataDir(data, cwd, REPOSITORY));
