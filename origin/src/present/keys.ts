import type { ApiToken, SigningKey, Whoami } from '@mediaflow/shared/api';
import type { AccountId } from '@mediaflow/shared/ids';
import type { ApiTokenRow, SigningKeyRow } from '../db/schema.ts';
import { stringifyTime } from './time.ts';

/** @param privateKey base64 of a PKCS#8 PEM, in the answer that creates the key and never again */
export function presentSigningKey(row: SigningKeyRow, privateKey?: string): SigningKey {
  return {
    id: row.id,
    created_at: stringifyTime(row.created_at),
    algorithm: row.algorithm,
    ...(privateKey !== undefined && { private_key: privateKey }),
  };
}

/** @param secret in the answer that creates the token and never again */
export function presentApiToken(row: ApiTokenRow, secret?: string): ApiToken {
  const { id, name, scopes, created_at } = row;
  return { id, name, scopes: [...scopes], created_at: stringifyTime(created_at), ...(secret !== undefined && { secret }) };
}

/** Organisation and environment of Mux's answer are one account here. */
export function presentWhoami(account: { readonly id: AccountId; readonly name: string }, token: ApiTokenRow): Whoami {
  return {
    organization_id: account.id,
    organization_name: account.name,
    environment_id: account.id,
    environment_name: account.name,
    environment_type: 'production',
    access_token_id: token.id,
    access_token_name: token.name,
    permissions: [...token.scopes],
    account_id: account.id,
  };
}
