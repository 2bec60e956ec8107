import { AppError } from '@mediaflow/shared/errors';
import { type AccountId, newSigningKeyId, type SigningKeyId } from '@mediaflow/shared/ids';
import type { SigningAlgorithm } from '@mediaflow/shared/token';
import { holdAccount } from './db/accounts.ts';
import type { Db, SigningKeyRow } from './db/schema.ts';
import { countSigningKeys, deleteSigningKey, insertSigningKey } from './db/signing-keys.ts';
import { revokeDeleted } from './revocation-changes.ts';
import { generateSigningKey } from './secrets.ts';

/** Cloudflare Stream's limit. Two are enough, the old and the new. */
export const MAX_SIGNING_KEYS = 1000;

/** @throws AppError `conflict` when the account has as many as it may have */
export async function addSigningKey(
  db: Db,
  accountId: AccountId,
  algorithm: SigningAlgorithm,
): Promise<{ readonly row: SigningKeyRow; readonly privateKey: string }> {
  const { publicJwk, privateKey } = await generateSigningKey(algorithm);
  const row = await db.transaction().execute(async (tx) => {
    await holdAccount(tx, accountId);
    if ((await countSigningKeys(tx, accountId)) >= MAX_SIGNING_KEYS) {
      throw new AppError(
        'conflict',
        `The account has ${MAX_SIGNING_KEYS} signing keys, which is as many as there may be; delete one first.`,
      );
    }
    return insertSigningKey(tx, {
      id: newSigningKeyId(),
      account_id: accountId,
      algorithm,
      public_jwk: JSON.stringify(publicJwk),
      created_at: new Date(),
    });
  });
  return { row, privateKey };
}

/** Ends the sessions that its tokens opened as well. @throws AppError `not_found` */
export function removeSigningKey(db: Db, accountId: AccountId, id: SigningKeyId): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (!(await deleteSigningKey(tx, accountId, id))) throw new AppError('not_found', 'There is no such object.');
    await revokeDeleted(tx, accountId, { type: 'signing_key', id });
  });
}
