import { createApp, type EdgeApp } from '../app.ts';
import type { ClientOf } from '../client.ts';
import { composePorts } from '../compose-ports.ts';
import type { Log } from '../log.ts';
import type { CacheSpace } from './cache-space.ts';
import type { ServerConfig } from './config.ts';
import { createDiskCache } from './disk-cache.ts';
import { createFileText } from './file-text.ts';
import { openStaticFiles } from './static-files.ts';

export interface Surroundings {
  readonly config: ServerConfig;
  /** This process's part of the memory for hot objects. */
  readonly memoryBytes: number;
  readonly space: CacheSpace;
  readonly webDir: string;
  readonly log: Log;
  readonly clientOf: ClientOf;
}

/** The app from a process's surroundings. */
export async function composeApp({ config, memoryBytes, space, webDir, log, clientOf }: Surroundings): Promise<EdgeApp> {
  const { directory } = config.cache;
  const ports = await composePorts({
    config,
    clientOf,
    cache: createDiskCache({ directory, space, memoryBytes }),
    assets: await openStaticFiles(webDir),
    keptRevocations: createFileText(directory, 'revocations.json'),
    log,
  });
  return createApp(ports);
}
