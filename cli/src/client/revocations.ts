import { type Revocation, revocationSchema } from '@mediaflow/shared/api';
import type { RevocableObject } from '@mediaflow/shared/revocation';
import type { ApiClient } from './api-client.ts';

/** @throws AppError `not_found` when the account has no such object */
export const createRevocation = (api: ApiClient, object: RevocableObject): Promise<Revocation> =>
  api.request('/system/v1/revocations', revocationSchema, { method: 'POST', body: { object } });
