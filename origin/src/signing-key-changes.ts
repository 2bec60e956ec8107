import { AppError } from '@mediaflow/shared/errors';
import type { AccountId, SigningKeyId } from '@mediaflow/shared/ids';
import type { Db } from './db/schema.ts';
import { deleteSigningKey } from './db/signing-keys.ts';
import { revokeDeleted } from './revocation-changes.ts';

/** Ends the sessions that its tokens opened as well. @throws AppError `not_found` */
export function removeSigningKey(db: Db, accountId: AccountId, id: SigningKeyId): Promise<void> {
  return db.transaction().execute(async (tx) => {
    if (!(await deleteSigningKey(tx, accountId, id))) throw new AppError('not_found', 'There is no such object.');
    await revokeDeleted(tx, accountId, { type: 'signing_key', id });
  });
}
