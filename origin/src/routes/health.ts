import type { Readiness } from '@mediaflow/shared/api';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';

/** An object nobody has; asking for it shows whether the store answers. */
const PROBE_KEY = 'health/none';

/** `/health`: the process is alive. `/ready`: each dependency by name, 503 while one is away. */
export function createHealthRoutes({ db, producer, store }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>()
    .get('/health', (context) => context.json({ status: 'alive' }))
    .get('/ready', async (context) => {
      const [postgres, redis, objectStore] = await Promise.all([
        check(sql`select 1`.execute(db)),
        check(producer.ping()),
        check(store.head(PROBE_KEY)),
      ]);
      const checks = { postgres, redis, store: objectStore };
      const isReady = Object.values(checks).every(({ ok }) => ok);
      const readiness: Readiness = { status: isReady ? 'ready' : 'unavailable', checks };
      return context.json(readiness, isReady ? 200 : 503);
    });
}

async function check(answer: Promise<unknown>): Promise<{ ok: boolean; error?: string }> {
  try {
    await answer;
    return { ok: true };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
