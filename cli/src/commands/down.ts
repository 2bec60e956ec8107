import { poll } from '../client/poll.ts';
import { findHolder } from '../launcher/lock.ts';
import { stopOrphans } from '../launcher/orphans.ts';
import { isAlive } from '../process/proc.ts';
import { REPOSITORY } from '../repository.ts';
import { resolveDataDir } from '../settings.ts';
import type { Context } from './context.ts';

/** Every part's own grace, one after another. */
const STOP_DEADLINE_MS = 120_000;

/** Stops the platform of a data folder and waits until all of it is gone; fine when nothing runs. */
export async function down({ data }: { readonly data?: string }, { cwd, output, signal }: Context): Promise<void> {
  const dataDir = resolveDataDir(data, cwd, REPOSITORY);
  const holder = await findHolder(dataDir);
  if (holder !== undefined) {
    process.kill(holder.pid, 'SIGTERM');
    await poll({ everyMs: 50, deadlineMs: STOP_DEADLINE_MS, what: `pid ${holder.pid} to end`, signal }, async () =>
      isAlive(holder.pid) ? undefined : true,
    );
  }
  const orphans = await stopOrphans(dataDir);
  if (holder !== undefined) output.print('MediaFlow has stopped.');
  else if (orphans > 0) output.print(`The launcher was gone already; stopped the ${orphans} processes it had left.`);
  else output.print(`Nothing runs on ${dataDir}.`);
}
