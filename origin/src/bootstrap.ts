import { newAccountId, newSigningKeyId, newTokenId } from '@mediaflow/shared/ids';
import type { BootstrapAnswer } from '@mediaflow/shared/internal';
import { SCOPES } from '@mediaflow/shared/scopes';
import { insertAccount } from './db/accounts.ts';
import { insertApiToken } from './db/api-tokens.ts';
import type { Db } from './db/schema.ts';
import { insertSigningKey } from './db/signing-keys.ts';
import { generateSigningKey, generateTokenSecret, hashSecret } from './secrets.ts';

/** A new account with all a client needs: an API token and an RS256 signing key. Their secrets are in this answer only. */
export async function bootstrapAccount(db: Db): Promise<BootstrapAnswer> {
  const accountId = newAccountId();
  const tokenId = newTokenId();
  const signingKeyId = newSigningKeyId();
  const secret = generateTokenSecret();
  const { publicJwk, privateKey } = await generateSigningKey('RS256');
  const now = new Date();
  await db.transaction().execute(async (tx) => {
    await insertAccount(tx, { id: accountId, name: 'MediaFlow' });
    await insertApiToken(tx, {
      id: tokenId,
      account_id: accountId,
      name: 'First token',
      secret_sha256: hashSecret(secret),
      scopes: SCOPES,
      created_at: now,
    });
    await insertSigningKey(tx, {
      id: signingKeyId,
      account_id: accountId,
      algorithm: 'RS256',
      public_jwk: JSON.stringify(publicJwk),
      created_at: now,
    });
  });
  return {
    account_id: accountId,
    token_id: tokenId,
    token_secret: secret,
    signing_key_id: signingKeyId,
    signing_private_key: privateKey,
  };
}
