import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { randomHex } from '@mediaflow/shared/ids';
import { createCacheApiCache } from '../cache-api.ts';
import { createCacheApiText } from '../cache-api-text.ts';
import type { KeptText, MediaCache } from '../ports.ts';
import type { TestContext } from './test-context.ts';

/** A request's context as workerd makes it. */
export function createContext(): TestContext {
  const context = createExecutionContext();
  return { context, settled: () => waitOnExecutionContext(context) };
}

/** workerd's own, shared by all tests of a file. */
export const createCache = async (): Promise<MediaCache> => createCacheApiCache(caches.default);

export const createKeptText = async (): Promise<KeptText> => createCacheApiText(caches.default, randomHex(8));
