import type { KeptText } from './ports.ts';

/** As long as a revocation is of use (`shared/src/session-life.ts`). */
const MAX_AGE_SECONDS = 10 * 24 * 3600;

/** In the data centre's cache of a Worker. @param name of the text, which no other installation in the same zone has */
export function createCacheApiText(cache: Pick<Cache, 'match' | 'put'>, name: string): KeptText {
  const url = `https://text.mediaflow.internal/${encodeURIComponent(name)}`;
  return {
    read: async () => (await cache.match(url))?.text(),
    async write(text) {
      const headers = { 'cache-control': `public, max-age=${MAX_AGE_SECONDS}`, 'content-type': 'application/json' };
      await cache.put(url, new Response(text, { headers })).catch(() => undefined);
    },
  };
}
