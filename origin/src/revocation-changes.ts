import { AppError } from '@mediaflow/shared/errors';
import { type AccountId, randomHex } from '@mediaflow/shared/ids';
import { type RevocableObject, revocationName } from '@mediaflow/shared/revocation';
import { REVOCATION_LIFE_SECONDS } from '@mediaflow/shared/session-life';
import { holdRow, type OwnedTable } from './db/hold-row.ts';
import { countRevocations, findRevocation, markLifted, upsertRevocation } from './db/revocations.ts';
import type { Db, RevocationRow } from './db/schema.ts';

/** Every edge holds all of them in memory. Who must end more sessions than this revokes the playback id or the key. */
const MAX_PER_ACCOUNT = 10_000;
/** An edge takes the list anew every hour (`edge/src/revocations/revocations.ts`); until then it must be able to hear what was lifted. */
const LIFTED_KEPT_MS = 24 * 3600 * 1000;

const lifeFrom = (now: Date): Date => new Date(now.getTime() + REVOCATION_LIFE_SECONDS * 1000);

/**
 * A session's revocation goes when the session cannot be alive any more; that of anything else stands, or it would open new ones again.
 *
 * @throws AppError `not_found` when the account has no such object
 */
export function revoke(db: Db, accountId: AccountId, object: RevocableObject): Promise<RevocationRow> {
  return db.transaction().execute(async (tx) => {
    if (!(await holdOwned(tx, accountId, object))) throw notFound();
    if ((await countRevocations(tx, accountId)) >= MAX_PER_ACCOUNT) {
      throw new AppError('conflict', `At most ${MAX_PER_ACCOUNT} revocations can be in force; revoke the playback id or the signing key.`);
    }
    const now = new Date();
    return write(tx, accountId, object, now, object.type === 'session' ? lifeFrom(now) : null);
  });
}

/** Of something that is being deleted in this transaction; nothing can lift it. */
export async function revokeDeleted(tx: Db, accountId: AccountId, object: RevocableObject): Promise<void> {
  const now = new Date();
  await write(tx, accountId, object, now, lifeFrom(now));
}

/** @throws AppError `not_found`; `conflict` when what was revoked is deleted, and must stay shut */
export function liftRevocation(db: Db, accountId: AccountId, id: string): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const row = await findRevocation(tx, accountId, id);
    if (row === undefined) throw notFound();
    // First what is revoked and then the revocation, as those do who delete it.
    if (!(await holdOwned(tx, accountId, row.object))) throw new AppError('conflict', 'What this revokes has been deleted.');
    const now = new Date();
    await markLifted(tx, id, now, new Date(now.getTime() + LIFTED_KEPT_MS));
  });
}

function write(tx: Db, accountId: AccountId, object: RevocableObject, now: Date, expiresAt: Date | null): Promise<RevocationRow> {
  return upsertRevocation(tx, {
    id: randomHex(16),
    account_id: accountId,
    object: JSON.stringify(object),
    name: revocationName(object),
    created_at: now,
    expires_at: expiresAt,
  });
}

const TABLES = { playback_id: 'playback_ids', signing_key: 'signing_keys', asset: 'assets' } as const satisfies Record<string, OwnedTable>;

/** Whether it exists and is the account's; it then cannot be deleted before the transaction has ended. A session is its playback id's. */
function holdOwned(tx: Db, accountId: AccountId, object: RevocableObject): Promise<boolean> {
  return object.type === 'session'
    ? holdRow(tx, 'playback_ids', accountId, object.playback_id)
    : holdRow(tx, TABLES[object.type], accountId, object.id);
}

const notFound = (): AppError => new AppError('not_found', 'There is no such object.');
