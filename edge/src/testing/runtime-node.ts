import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { onTestFinished } from 'vitest';
import { openCacheSpace } from '../node/cache-space.ts';
import { createDiskCache } from '../node/disk-cache.ts';
import { createFileText } from '../node/file-text.ts';
import { createWork } from '../node/work.ts';
import type { KeptText, MediaCache } from '../ports.ts';
import type { TestContext } from './test-context.ts';

// The server's `Request` and `Response`, which this puts in the place of Node's own.
getRequestListener(() => new Response());

/** A request's context as the server makes it. */
export function createContext(): TestContext {
  const { context, settled } = createWork();
  return { context, settled };
}

/** A folder for each test, and memory for a part of what is in it. */
export async function createCache(): Promise<MediaCache> {
  const directory = await makeFolder();
  return createDiskCache({ directory, space: await openCacheSpace(directory, 10_000_000), memoryBytes: 10_000 });
}

export async function createKeptText(): Promise<KeptText> {
  const directory = await makeFolder();
  await openCacheSpace(directory, 0);
  return createFileText(directory, 'text.json');
}

async function makeFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mediaflow-edge-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
