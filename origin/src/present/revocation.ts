import type { Revocation } from '@mediaflow/shared/api';
import type { RevocationRow } from '../db/schema.ts';
import { stringifyTime } from './time.ts';

export function presentRevocation({ id, object, created_at, expires_at }: RevocationRow): Revocation {
  return {
    id,
    object,
    created_at: stringifyTime(created_at),
    ...(expires_at !== null && { expires_at: stringifyTime(expires_at) }),
  };
}
