import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Who does something one at a time among all origins; any numbers no other advisory lock uses. */
const LOCK_IDS = { reconciler: 7_306_001, dispatcher: 7_306_002 };

/** Held until the transaction ends; false when another holds it. */
export async function tryLock(tx: Db, holder: keyof typeof LOCK_IDS): Promise<boolean> {
  const { rows } = await sql<{ isMine: boolean }>`select pg_try_advisory_xact_lock(${LOCK_IDS[holder]}) as "isMine"`.execute(tx);
  return rows[0]?.isMine === true;
}
