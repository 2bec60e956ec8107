import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findFreePort } from '../cli/src/services/free-port.ts';
import { startS3Server } from './services/s3-server.ts';

/** The S3 server of `global-setup.ts` alone, for tests that need no more. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaflow-s3-'));
  const server = await startS3Server({ dataDir: folder, port: await findFreePort() });
  provide('s3', server.access);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
