import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A process's own part of the scratch folder. */
export interface Workspace {
  readonly directory: string;
  /** Gives `work` an empty folder and removes it afterwards, whatever happened. */
  withFolder<T>(work: (path: string) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

/**
 * Takes `{workDir}/worker-{pid}`, empty, and removes what killed workers left: folders whose process is gone. Several
 * workers of one machine may share `workDir`.
 */
export async function openWorkspace(workDir: string, pid: number): Promise<Workspace> {
  await mkdir(workDir, { recursive: true });
  const entries = await readdir(workDir);
  const leftovers = entries.filter((name) => {
    const owner = /^worker-(\d+)$/.exec(name)?.[1];
    return owner !== undefined && (Number(owner) === pid || !isRunning(Number(owner)));
  });
  await Promise.all(leftovers.map((name) => rm(join(workDir, name), { recursive: true, force: true })));
  const directory = join(workDir, `worker-${pid}`);
  await mkdir(directory, { recursive: true });
  return {
    directory,
    async withFolder(work) {
      const path = await mkdtemp(join(directory, 'job-'));
      try {
        return await work(path);
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
