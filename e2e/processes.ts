import { readdir, readFile } from 'node:fs/promises';

/** Pids of one platform's processes whose command line contains `part`, told by the mark that its launcher leaves. */
export async function findProcesses(dataDir: string, part: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const isOurs = await Promise.all(pids.map((pid) => belongsTo(pid, dataDir, part)));
  return pids.filter((_, index) => isOurs[index]);
}

async function belongsTo(pid: number, dataDir: string, part: string): Promise<boolean> {
  try {
    const [environ, command] = await Promise.all([readFile(`/proc/${pid}/environ`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    return environ.split('\0').includes(`MEDIAFLOW_OWNER=${dataDir}`) && command.replaceAll('\0', ' ').includes(part);
  } catch {
    // Gone meanwhile.
    return false;
  }
}
