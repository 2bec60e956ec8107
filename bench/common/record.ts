import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** Writes `results/{name}.json`: what was measured, when and on what machine. */
export async function writeRecord(name: string, measured: object): Promise<void> {
  const results = new URL('../results/', import.meta.url);
  await mkdir(results, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cpuCount: cpus().length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const record = { name, measuredAt: new Date().toISOString(), machine, ...measured };
  await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(record, undefined, 2)}\n`);
}
