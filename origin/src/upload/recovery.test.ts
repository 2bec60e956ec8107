import { createHash, randomBytes } from 'node:crypto';
import { appendFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createLog } from '@mediaflow/platform/log';
import type { Asset } from '@mediaflow/shared/api';
import { type AssetId, newUploadId, randomHex } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startOrigin } from '../origin.ts';
import { type Account, findFreePort, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAttempt, createUpload, findAssetOf, patchAttempt, tusRequest, uploadBytes } from '../testing/upload.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let origin: TestOrigin;
let account: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 9 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

test('an upload that is cut half-way resumes where it was', async () => {
  const bytes = randomBytes(4_000_000);
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, bytes.length);
  await cutPatch(location, bytes, 1_500_000, () => isWritten(upload.id, location));

  const head = await tusRequest(location, 'HEAD');
  expect(Number(head.headers.get('upload-offset'))).toBeLessThanOrEqual(1_500_000);
  await uploadBytes(upload.url, bytes, { uploadUrl: location });
  const asset = await waitForDigest(upload.id);
  expect(asset.source?.sha256).toBe(sha256(bytes));
});

test('an upload goes on after the origin was restarted in the middle', async () => {
  const bytes = randomBytes(4_000_000);
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, bytes.length);
  expect((await patchAttempt(location, 0, bytes.subarray(0, 2_000_000))).status).toBe(204);
  await origin.stop();
  await origin.start();
  await uploadBytes(upload.url, bytes, { uploadUrl: location, chunkSize: 1_000_000 });
  const asset = await waitForDigest(upload.id);
  expect(asset.source?.sha256).toBe(sha256(bytes));
});

test('an upload whose last byte was stored and whose transaction was lost is finished once, by one of two origins', async () => {
  const bytes = randomBytes(100_000);
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, bytes.length);
  await patchAttempt(location, 0, bytes.subarray(0, 40_000));
  const attempt = location.split('/').at(-1) ?? '';
  await origin.stop();
  // What a killed origin leaves: all bytes, no asset.
  await appendFile(join(origin.storeDir, 'sources', upload.id, attempt), bytes.subarray(40_000));
  const second = await startOrigin({ ...origin.config, port: await findFreePort() }, createLog('origin', 'silent'));
  try {
    await origin.start();
    const asset = await waitForDigest(upload.id);
    expect(asset.source).toEqual({ sha256: sha256(bytes), size: '100000' });
    expect(await account.call<Asset[]>('GET', `/video/v1/assets?upload_id=${upload.id}`)).toHaveLength(1);
    const created = await origin.db
      .selectFrom('events')
      .selectAll()
      .where('asset_id', '=', asset.id)
      .where('type', '=', 'video.asset.created')
      .execute();
    expect(created).toHaveLength(1);
  } finally {
    await second.close();
  }
});

test('an upload is finished however many others stand before it', async () => {
  const bytes = randomBytes(1_000);
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, bytes.length);
  const attempt = location.split('/').at(-1) ?? '';
  await origin.stop();
  await writeFile(join(origin.storeDir, 'sources', upload.id, attempt), bytes);
  await origin.db
    .updateTable('uploads')
    .set({ last_byte_at: new Date(Date.now() - 60_000), swept_at: null })
    .where('id', '=', upload.id)
    .execute();
  // 150 that got their last bytes later, and go on getting some.
  const row = await origin.db.selectFrom('uploads').selectAll().where('id', '=', upload.id).executeTakeFirstOrThrow();
  const soon = new Date(Date.now() + 3_600_000);
  const others = Array.from({ length: 150 }, () => ({
    ...row,
    id: newUploadId(),
    settings: '{}',
    last_byte_at: soon,
    attempt: randomHex(8),
  }));
  await origin.db.insertInto('uploads').values(others).execute();
  try {
    await origin.start();
    await expect.poll(() => findAssetOf(account, upload.id)).toBeDefined();
  } finally {
    await origin.db
      .deleteFrom('uploads')
      .where(
        'id',
        'in',
        others.map(({ id }) => id),
      )
      .execute();
  }
});

test('the SHA-256 of a source is found out however many others are gone from the store', async () => {
  const bytes = randomBytes(1_000);
  const upload = await createUpload(account);
  await uploadBytes(upload.url, bytes);
  const { id } = await waitForDigest(upload.id);
  await origin.stop();
  const { account_id } = await origin.db.selectFrom('assets').select('account_id').where('id', '=', id).executeTakeFirstOrThrow();
  const others = Array.from({ length: 150 }, (_, index) => ({
    // Before those that chance makes.
    id: `00000000-${index}` as AssetId,
    account_id,
    status: 'ready' as const,
    version: 1,
    source_key: `sources/gone/${index}`,
    size_bytes: 1_000,
    meta: '{}',
    created_at: new Date(0),
  }));
  await origin.db.insertInto('assets').values(others).execute();
  await origin.db.updateTable('assets').set({ sha256: null }).where('id', '=', id).execute();
  await origin.start();
  expect((await waitForDigest(upload.id)).source?.sha256).toBe(sha256(bytes));
});

test('stopping the origin lets a running PATCH end', async () => {
  const bytes = randomBytes(1_000_000);
  const upload = await createUpload(account);
  const location = await createAttempt(upload.url, bytes.length);
  const slow = request(location, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': 0,
      'content-type': 'application/offset+octet-stream',
      'content-length': bytes.length,
    },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    slow.once('response', (response) => resolve(response.statusCode));
    slow.once('error', reject);
  });
  await new Promise<void>((resolve) => void slow.write(bytes.subarray(0, 500_000), () => resolve()));
  await isWritten(upload.id, location);
  const stopped = origin.stop();
  slow.end(bytes.subarray(500_000));
  expect(await answered).toBe(204);
  await stopped;
  await origin.start();
  expect(await findAssetOf(account, upload.id)).toBeDefined();
});

/** Until the origin has written the first bytes of a running PATCH: it holds the attempt's lock from before that. */
async function isWritten(uploadId: string, location: string): Promise<void> {
  const source = join(origin.storeDir, 'sources', uploadId, location.split('/').at(-1) ?? '');
  await expect.poll(async () => (await stat(source)).size).toBeGreaterThan(0);
}

/** Sends `sentBytes` of the body, then breaks the connection once they have `begun` to arrive. */
async function cutPatch(location: string, bytes: Buffer, sentBytes: number, begun: () => Promise<void>): Promise<void> {
  const client = request(location, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': 0,
      'content-type': 'application/offset+octet-stream',
      'content-length': bytes.length,
    },
  });
  const broken = new Promise<void>((resolve) => client.once('error', () => resolve()));
  await new Promise<void>((resolve) => void client.write(bytes.subarray(0, sentBytes), () => resolve()));
  await begun();
  client.destroy(new Error('cut'));
  await broken;
}

/** Where this process did not see every byte, the digest is read from the store afterwards. */
async function waitForDigest(uploadId: string): Promise<Asset> {
  return vi.waitFor(async () => {
    const asset = await findAssetOf(account, uploadId);
    if (asset?.source?.sha256 === undefined) throw new Error('no digest yet');
    return asset;
  }, 60_000);
}
