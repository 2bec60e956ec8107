import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Asset, Upload } from '@mediaflow/shared/api';
import { signGrant } from '@mediaflow/shared/grant';
import { uploadIdSchema } from '@mediaflow/shared/ids';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Account, startTestOrigin, TEST_SECRET, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset, createAttempt, createUpload, findAssetOf, patchAttempt, tusRequest, uploadBytes } from '../testing/upload.ts';

const MAX_UPLOAD_BYTES = 20_000_000;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let origin: TestOrigin;
let account: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 1, maxUploadBytes: MAX_UPLOAD_BYTES });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

const storedFiles = async (uploadId: string): Promise<string[]> =>
  (await readdir(join(origin.storeDir, 'sources', uploadId)).catch(() => [])).toSorted();

describe('an upload with tus-js-client', () => {
  test('becomes an asset with the digest of its bytes', async () => {
    const bytes = randomBytes(3_000_000);
    const upload = await createUpload(account, { new_asset_settings: { passthrough: 'p', playback_policy: 'public' } });
    await uploadBytes(upload.url, bytes, { chunkSize: 1_000_000, metadata: { filename: 'Büffel im Nebel.mp4', filetype: 'video/mp4' } });

    const finished = await account.call<Upload>('GET', `/video/v1/uploads/${upload.id}`);
    expect(finished).toMatchObject({ status: 'asset_created' });
    expect(finished.url).toBeUndefined();
    const asset = await account.call<Asset>('GET', `/video/v1/assets/${finished.asset_id}`);
    expect(asset).toMatchObject({
      status: 'preparing',
      progress: { state: 'ingesting', progress: 0 },
      source: { sha256: sha256(bytes), size: '3000000' },
      meta: { title: 'Büffel im Nebel.mp4' },
      passthrough: 'p',
      playback_ids: [{ policy: 'public' }],
    });
  });

  test('sends bytes along with the creation', async () => {
    const bytes = randomBytes(500_000);
    const upload = await createUpload(account);
    await uploadBytes(upload.url, bytes, { uploadDataDuringCreation: true });
    expect(await findAssetOf(account, upload.id)).toMatchObject({ source: { sha256: sha256(bytes) } });
  });

  test('is private unless a policy is given, and keeps a title that was', async () => {
    const asset = await createAsset(account, { meta: { title: 'Chosen' } });
    expect(asset).toMatchObject({ playback_ids: [{ policy: 'signed' }], meta: { title: 'Chosen' } });
  });
});

describe('creation', () => {
  test('answers with the location, the expiry and the CORS of its upload', async () => {
    const upload = await createUpload(account, { cors_origin: 'https://studio.example', timeout: 60 });
    const response = await tusRequest(upload.url, 'POST', { 'upload-length': '5', origin: 'https://studio.example' });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toMatch(new RegExp(`^${origin.url}/files/${upload.id}\\.[\\w-]+/[0-9a-f]{16}$`));
    expect(response.headers.get('access-control-allow-origin')).toBe('https://studio.example');
    expect(response.headers.get('access-control-expose-headers')).toMatch(/Location.*Upload-Offset/);
    expect(new Date(response.headers.get('upload-expires') ?? '').getTime()).toBeGreaterThan(Date.now());
  });

  test('answers a preflight, with the methods and the limits', async () => {
    const upload = await createUpload(account);
    const response = await fetch(upload.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PATCH' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('tus-max-size')).toBe(String(MAX_UPLOAD_BYTES));
    expect(response.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration');
  });

  test('of a file over the limit is refused before anything is stored', async () => {
    const upload = await createUpload(account);
    const response = await tusRequest(upload.url, 'POST', { 'upload-length': String(MAX_UPLOAD_BYTES + 1) });
    expect(response.status).toBe(413);
    expect(await storedFiles(upload.id)).toEqual([]);
  });

  test.each([
    ['no length', {}, 400],
    ['a deferred length', { 'upload-defer-length': '1' }, 501],
    ['a negative length', { 'upload-length': '-1' }, 400],
    ['a length in exponents', { 'upload-length': '1e3' }, 400],
    ['a length past 2^53', { 'upload-length': '9007199254740993' }, 400],
    ['concatenation', { 'upload-length': '1', 'upload-concat': 'partial' }, 501],
    ['metadata that is no base64', { 'upload-length': '1', 'upload-metadata': 'filename ???' }, 400],
    ['an unknown version', { 'upload-length': '1', 'tus-resumable': '0.2.2' }, 400],
  ])('with %s is refused', async (_, headers: Record<string, string>, status) => {
    const upload = await createUpload(account);
    expect((await tusRequest(upload.url, 'POST', headers)).status).toBe(status);
    expect(await storedFiles(upload.id)).toEqual([]);
  });

  test('a second time makes a new attempt and gives up the first', async () => {
    const bytes = randomBytes(1_000_000);
    const upload = await createUpload(account);
    const first = await createAttempt(upload.url, 2_000_000);
    await patchAttempt(first, 0, randomBytes(700_000));
    const second = await createAttempt(upload.url, bytes.length);

    expect((await tusRequest(first, 'HEAD')).status).toBe(410);
    expect((await patchAttempt(first, 700_000, 'more')).status).toBe(410);
    expect((await tusRequest(first, 'DELETE')).status).toBe(410);
    const attempt = second.split('/').at(-1);
    await expect.poll(() => storedFiles(upload.id)).toEqual([attempt, `${attempt}.json`]);

    expect((await patchAttempt(second, 0, bytes)).status).toBe(204);
    expect(await findAssetOf(account, upload.id)).toMatchObject({ source: { sha256: sha256(bytes) } });
  });

  test('is put off while the disk fails', async () => {
    const { id, url } = await createUpload(account);
    const sources = join(origin.storeDir, 'sources');
    await mkdir(sources, { recursive: true });
    // No folder can be made in the place of a file.
    await writeFile(join(sources, id), '');
    const headers = { 'upload-length': '9' };
    expect((await tusRequest(url, 'POST', headers)).status).toBe(503);
    await rm(join(sources, id));
    expect((await tusRequest(url, 'POST', headers)).status).toBe(201);
  });

  test('of an empty file makes an errored asset and no job', async () => {
    const upload = await createUpload(account);
    await uploadBytes(upload.url, Buffer.alloc(0));
    const asset = await findAssetOf(account, upload.id);
    expect(asset).toMatchObject({ status: 'errored', errors: { type: 'empty_source', messages: ['The file is empty.'] } });
    const jobs = await origin.db
      .selectFrom('outbox')
      .selectAll()
      .where('payload', '@>', JSON.stringify({ assetId: asset?.id }))
      .execute();
    expect(jobs).toEqual([]);
    await expect.poll(() => storedFiles(upload.id)).toEqual([]);
  });
});

describe('PATCH', () => {
  test.each([
    ['too low', '4', 409],
    ['too high', '6', 409],
    ['negative', '-1', 400],
    ['in hexadecimal', '0x5', 400],
    ['with a fraction', '5.0', 400],
  ])('with an offset %s writes nothing', async (_, offset, status) => {
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, 10);
    await patchAttempt(location, 0, 'abcde');
    const headers = { 'upload-offset': offset, 'content-type': 'application/offset+octet-stream' };
    expect((await tusRequest(location, 'PATCH', headers, 'fghij')).status).toBe(status);
    expect((await tusRequest(location, 'HEAD')).headers.get('upload-offset')).toBe('5');
  });

  test('with another content type or none is refused', async () => {
    const location = await createAttempt((await createUpload(account)).url, 10);
    expect((await tusRequest(location, 'PATCH', { 'upload-offset': '0', 'content-type': 'text/plain' }, 'x')).status).toBe(400);
  });

  test('of more bytes than were announced is refused, with and without a Content-Length', async () => {
    const location = await createAttempt((await createUpload(account)).url, 10);
    expect((await patchAttempt(location, 0, 'x'.repeat(11))).status).toBe(413);
    expect(await sendChunked(location, 'x'.repeat(11))).toBe(413);
    expect((await tusRequest(location, 'HEAD')).headers.get('upload-offset')).toBe('0');
  });

  test('twice at the same offset and moment stores the bytes once', async () => {
    const bytes = randomBytes(2_000_000);
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, bytes.length);
    const statuses = await Promise.all(
      [patchAttempt(location, 0, bytes), patchAttempt(location, 0, bytes)].map(async (r) => (await r).status),
    );
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.find((status) => status !== 204)).toSatisfy((status) => [403, 409, 423].includes(status as number));
    expect(await findAssetOf(account, upload.id)).toMatchObject({ source: { sha256: sha256(bytes) } });
  });

  test('answers with a query in the URL as without', async () => {
    const location = await createAttempt((await createUpload(account)).url, 10);
    expect((await patchAttempt(`${location}?x=1`, 0, 'abcde')).status).toBe(204);
    expect((await tusRequest(`${location}?token=../../x`, 'HEAD')).headers.get('upload-offset')).toBe('5');
  });
});

describe('what the grant does not open', () => {
  test('a forged, foreign or malformed grant is like one that does not exist', async () => {
    const upload = await createUpload(account);
    const other = await createUpload(account);
    const mac = other.url.split('.').at(-1);
    const unknownId = uploadIdSchema.parse('0'.repeat(32));
    const unknown = await signGrant(await deriveHmacKey(TEST_SECRET, 'grant'), unknownId);
    const answers = await Promise.all(
      [
        `${upload.id}.${mac}`,
        upload.id,
        `${upload.id}.`,
        unknown,
        '..%2f..%2fetc%2fpasswd',
        '%00',
        'x'.repeat(2_000),
        `${upload.url.split('/').at(-1)}/..%2f..%2fx`,
        `${upload.url.split('/').at(-1)}/0123456789abcdef/../../x`,
      ].map((path) => rawRequest('POST', `/files/${path}`)),
    );
    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({ status: 404, body: '{"error":{"type":"not_found","messages":["There is no such upload."]}}' });
    }
  });

  test('nobody reads a source, finished or not', async () => {
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, 4);
    expect((await tusRequest(location, 'GET')).status).toBe(405);
    await patchAttempt(location, 0, 'data');
    expect((await tusRequest(location, 'GET')).status).toBe(405);
    expect((await fetch(upload.url)).status).toBe(405);
  });

  test('a finished upload takes no second file, and HEAD still says it is complete', async () => {
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, 4);
    await patchAttempt(location, 0, 'data');
    expect((await tusRequest(upload.url, 'POST', { 'upload-length': '4' })).status).toBe(403);
    expect((await patchAttempt(location, 4, '')).status).toBe(403);
    expect((await tusRequest(location, 'DELETE')).status).toBe(403);
    const head = await tusRequest(location, 'HEAD');
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '4']);
  });
});

describe('the end without an asset', () => {
  test('DELETE removes the bytes, and the upload may begin anew', async () => {
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, 10);
    await patchAttempt(location, 0, 'abcde');
    expect((await tusRequest(location, 'DELETE')).status).toBe(204);
    await expect.poll(async () => (await tusRequest(location, 'HEAD')).status).toBe(410);
    expect(await storedFiles(upload.id)).toEqual([]);
    await uploadBytes(upload.url, Buffer.from('again'));
    expect(await findAssetOf(account, upload.id)).toBeDefined();
  });

  test('cancel stops the upload and removes its bytes', async () => {
    const upload = await createUpload(account);
    const location = await createAttempt(upload.url, 10);
    await patchAttempt(location, 0, 'abcde');
    expect(await account.call('PUT', `/video/v1/uploads/${upload.id}/cancel`)).toMatchObject({ status: 'cancelled' });
    expect((await patchAttempt(location, 5, 'fghij')).status).toBe(410);
    expect((await tusRequest(upload.url, 'POST', { 'upload-length': '1' })).status).toBe(410);
    await expect.poll(() => storedFiles(upload.id)).toEqual([]);
  });

  test('an upload without a byte for its timeout times out', async () => {
    const upload = await createUpload(account, { timeout: 60 });
    const location = await createAttempt(upload.url, 10);
    await patchAttempt(location, 0, 'abcde');
    await vi.waitFor(async () => {
      // Again at each look: the sweeper still puts the timeout off for the bytes that just came.
      await origin.db
        .updateTable('uploads')
        .set({ last_byte_at: new Date(Date.now() - 61_000) })
        .where('id', '=', upload.id)
        .execute();
      expect(await account.call<Upload>('GET', `/video/v1/uploads/${upload.id}`)).toMatchObject({ status: 'timed_out' });
    }, 60_000);
    expect((await tusRequest(location, 'HEAD')).status).toBe(410);
    await expect.poll(() => storedFiles(upload.id)).toEqual([]);
  });
});

test('the finished upload is the object that workers read', async () => {
  const bytes = randomBytes(1_000);
  const upload = await createUpload(account);
  await uploadBytes(upload.url, bytes);
  const row = await origin.db.selectFrom('assets').select('source_key').where('upload_id', '=', upload.id).executeTakeFirstOrThrow();
  expect(await readFile(join(origin.storeDir, row.source_key ?? ''))).toEqual(bytes);
});

function sendChunked(location: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const client = request(location, {
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' },
    });
    client.once('response', (response) => resolve(response.resume().statusCode));
    client.once('error', reject);
    client.end(body);
  });
}

/** `fetch` would tidy the path before it is sent. */
function rawRequest(method: string, path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin.url);
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '1' };
    const client = request({ hostname, port, path, method, headers }, async (response) => {
      resolve({ status: response.statusCode, body: Buffer.concat(await response.toArray()).toString() });
    });
    client.once('error', reject);
    client.end();
  });
}

test('tus-js-client is told plainly when its upload is over', async () => {
  const upload = await createUpload(account);
  await account.call('PUT', `/video/v1/uploads/${upload.id}/cancel`);
  const error = await uploadBytes(upload.url, Buffer.from('late')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(tus.DetailedError);
  expect((error as tus.DetailedError).originalResponse?.getBody()).toContain('This upload was cancelled.');
});
