import type { Db } from './schema.ts';

/** Doing it twice is as good as once. */
export async function endUserSession(db: Db, id: string, expiresAt: Date): Promise<void> {
  const row = { id, expires_at: expiresAt };
  await db
    .insertInto('ended_user_sessions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function isUserSessionEnded(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom('ended_user_sessions').select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

/** Sessions that are over by themselves need no entry any more. */
export async function deleteExpiredUserSessions(db: Db, now: Date): Promise<void> {
  await db.deleteFrom('ended_user_sessions').where('expires_at', '<', now).execute();
}
