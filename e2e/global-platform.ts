import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { buildWebIfStale } from '../cli/src/launcher/web-build.ts';

const MEDIAFLOW = new URL('../mediaflow', import.meta.url).pathname;

/** What the first start in a new working copy does, before platforms that start side by side would all do it. */
export async function setup(): Promise<void> {
  await promisify(execFile)(MEDIAFLOW, ['--help']);
  await buildWebIfStale((line) => process.stderr.write(`${line}\n`));
}
