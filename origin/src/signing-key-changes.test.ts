import { newSigningKeyId } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_SIGNING_KEYS } from './signing-key-changes.ts';
import { type Account, startTestOrigin, type TestOrigin } from './testing/test-origin.ts';

let origin: TestOrigin;
let account: Account;
beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 48 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

test('an account has a thousand signing keys at most, however many are asked for at once', async () => {
  const { account_id, signing_key_id } = account.bootstrap;
  const row = { account_id, algorithm: 'EdDSA', public_jwk: '{}', created_at: new Date() } as const;
  // One was made with the account, so that two more fit.
  const others = Array.from({ length: MAX_SIGNING_KEYS - 3 }, () => ({ ...row, id: newSigningKeyId() }));
  await origin.db.insertInto('signing_keys').values(others).execute();
  const create = async (): Promise<number> => {
    const init = { method: 'POST', body: '{"algorithm":"EdDSA"}', headers: { 'content-type': 'application/json' } };
    const response = await account.fetch('/system/v1/signing-keys', init);
    if (response.status === 409) expect(await response.json()).toMatchObject({ error: { messages: [expect.stringContaining('1000')] } });
    return response.status;
  };
  const answers = await Promise.all(Array.from({ length: 6 }, create));
  expect(answers.toSorted()).toEqual([201, 201, 409, 409, 409, 409]);

  expect((await account.fetch(`/system/v1/signing-keys/${signing_key_id}`, { method: 'DELETE' })).status).toBe(204);
  expect(await create()).toBe(201);
});
