import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { openStore } from '@mediaflow/platform/storage/open-store';
import type { Asset } from '@mediaflow/shared/api';
import { randomHex } from '@mediaflow/shared/ids';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAttempt, createUpload, findAssetOf, patchAttempt, tusRequest, uploadBytes } from '../testing/upload.ts';
import { planPartBytes } from './s3-store.ts';

const MEBIBYTE = 1024 * 1024;

test.each([
  ['a small limit', 1, 8 * MEBIBYTE],
  ['the default limit', 50_000_000_000, 8 * MEBIBYTE],
  ['10,000 parts exactly', 80_000 * MEBIBYTE, 8 * MEBIBYTE],
  ['one byte more', 80_000 * MEBIBYTE + 1, 9 * MEBIBYTE],
  ['the largest object', 5 * 1024 ** 4, 525 * MEBIBYTE],
])('parts for %s', (_, maxUploadBytes, partBytes) => {
  expect(planPartBytes(maxUploadBytes)).toBe(partBytes);
  expect(Math.ceil(maxUploadBytes / partBytes)).toBeLessThanOrEqual(10_000);
});

describe('uploads into S3', () => {
  const access = inject('s3');
  const bucket = `origin-${randomHex(6)}`;
  const s3 = new S3Client({ ...access, credentials: access, forcePathStyle: true });
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  let origin: TestOrigin;
  let account: Account;

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    origin = await startTestOrigin({ redisDatabase: 6, store: { kind: 's3', bucket, forcePathStyle: true, ...access } });
    account = await origin.createAccount();
  });
  afterAll(async () => {
    await origin.close();
    s3.destroy();
  });

  const objectsOf = async (uploadId: string): Promise<(string | undefined)[]> =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `sources/${uploadId}/` }))).Contents ?? []).map(({ Key }) => Key);
  const openMultiparts = async (uploadId: string): Promise<number> =>
    ((await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).filter(({ Key }) => Key?.includes(uploadId))
      .length;
  const waitForDigest = (uploadId: string): Promise<Asset> =>
    vi.waitFor(async () => {
      const asset = await findAssetOf(account, uploadId);
      if (asset?.source?.sha256 === undefined) throw new Error('no digest yet');
      return asset;
    }, 60_000);

  test('in one piece, and in pieces that do not fit its parts', async () => {
    const bytes = randomBytes(20_000_000);
    for (const chunkSize of [Number.POSITIVE_INFINITY, 3_000_000]) {
      const upload = await createUpload(account);
      await uploadBytes(upload.url, bytes, { chunkSize });
      const asset = await findAssetOf(account, upload.id);
      expect(asset).toMatchObject({ source: { sha256: sha256(bytes), size: '20000000' } });
      const { source_key } = await origin.db
        .selectFrom('assets')
        .select('source_key')
        .where('upload_id', '=', upload.id)
        .executeTakeFirstOrThrow();
      expect(await openStore(origin.config.store).head(source_key ?? '')).toMatchObject({ sizeBytes: bytes.length });
      expect(await openMultiparts(upload.id)).toBe(0);
    }
  });

  test('resume after a restart of the origin', async () => {
    const bytes = randomBytes(12_000_000);
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, bytes.length);
    expect((await patchAttempt(location, 0, bytes.subarray(0, 10_000_000))).status).toBe(204);
    await origin.stop();
    await origin.start();
    expect((await tusRequest(location, 'HEAD')).headers.get('upload-offset')).toBe('10000000');
    await uploadBytes(upload.url, bytes, { uploadUrl: location });
    expect((await waitForDigest(upload.id)).source?.sha256).toBe(sha256(bytes));
  });

  test('whose parts are all there but were never put together are finished by the sweeper', async () => {
    const bytes = randomBytes(6_000_000);
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, bytes.length);
    const Key = `sources/${upload.id}/${location.split('/').at(-1)}`;
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: Key }));
    // What a crash between the last part and its Complete leaves.
    await s3.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId: Uploads[0]?.UploadId, PartNumber: 1, Body: bytes }));
    await origin.db.updateTable('uploads').set({ swept_at: null }).where('id', '=', upload.id).execute();
    expect((await waitForDigest(upload.id)).source).toEqual({ sha256: sha256(bytes), size: '6000000' });
    expect(await openMultiparts(upload.id)).toBe(0);
  });

  test('of nothing make an errored asset and leave nothing', async () => {
    const upload = await createUpload(account);
    await uploadBytes(upload.url, Buffer.alloc(0));
    expect(await findAssetOf(account, upload.id)).toMatchObject({ errors: { type: 'empty_source' } });
    await expect.poll(async () => [await objectsOf(upload.id), await openMultiparts(upload.id)]).toEqual([[], 0]);
  });

  test('that are terminated or cancelled leave nothing', async () => {
    const bytes = randomBytes(9_000_000);
    for (const end of [
      (location: string) => tusRequest(location, 'DELETE'),
      (_: string, id: string) => account.fetch(`/video/v1/uploads/${id}/cancel`, { method: 'PUT' }),
    ]) {
      const upload = await createUpload(account);
      const location = await createAttempt(upload.url, 20_000_000);
      await patchAttempt(location, 0, bytes);
      expect((await end(location, upload.id)).ok).toBe(true);
      await expect.poll(async () => [await objectsOf(upload.id), await openMultiparts(upload.id)]).toEqual([[], 0]);
    }
  });

  test('are not held up by a client that stalls', async () => {
    const stalled = await createUpload(account);
    const location = await createAttempt(stalled.url, 20_000_000);
    const client = request(location, {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': 0,
        'content-type': 'application/offset+octet-stream',
        'content-length': 20_000_000,
      },
    });
    client.on('error', () => undefined);
    await new Promise<void>((resolve) => void client.write(randomBytes(100_000), () => resolve()));
    const upload = await createUpload(account);
    await uploadBytes(upload.url, randomBytes(10_000_000));
    expect(await findAssetOf(account, upload.id)).toBeDefined();
    client.destroy();
  });
});
