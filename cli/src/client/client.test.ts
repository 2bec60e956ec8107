import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findFreePort } from '../services/free-port.ts';
import { createApiClient, toError } from './api-client.ts';
import { findInstallation, fromEnvironment } from './installation.ts';
import { choosePlaybackId, playbackLinks } from './playback.ts';
import { signPlaybackToken } from './sign.ts';
import { openSourceFile } from './source-file.ts';
import { openUploadMemory } from './upload-memory.ts';

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-client-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function serve(port: number, listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
}

const installationAt = (port: number) => {
  const apiUrl = `http://127.0.0.1:${port}`;
  return { apiUrl, playbackUrl: apiUrl, tokenId: 'id', tokenSecret: 'secret' };
};

describe('api client', () => {
  test('sends the credential and yields the parsed data', async () => {
    const port = await findFreePort();
    await serve(port, (request, response) => {
      response.end(JSON.stringify({ data: { authorization: request.headers.authorization, path: request.url } }));
    });
    const api = createApiClient(installationAt(port), { patienceMs: 0 });
    const answer = await api.request('/x', z.object({ authorization: z.string(), path: z.string() }));
    expect(answer).toEqual({ authorization: `Basic ${btoa('id:secret')}`, path: '/x' });
  });

  test('says at once that nobody answers, or waits for a platform that is being restarted', async () => {
    const port = await findFreePort();
    const request = (patienceMs: number) => createApiClient(installationAt(port), { patienceMs }).request('/x', z.number());
    await expect(request(0)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('./mediaflow up') });
    const waiting = request(30_000);
    let calls = 0;
    await serve(port, (_, response) => {
      calls += 1;
      response.writeHead(calls === 1 ? 503 : 200).end('{"data":1}');
    });
    expect(await waiting).toBe(1);
    expect(calls).toBe(2);
  });

  test('an answer that is no JSON, or of another shape, is named and not believed', async () => {
    const port = await findFreePort();
    await serve(port, (request, response) => void response.end(request.url === '/html' ? '<html>' : '{"data":"text"}'));
    const api = createApiClient(installationAt(port), { patienceMs: 0 });
    await expect(api.request('/html', z.number())).rejects.toThrow('Is that a MediaFlow?');
    await expect(api.request('/shape', z.number())).rejects.toThrow('shape');
  });

  test.each([
    [401, '{"error":{"type":"unauthorized","messages":["no"]}}', 'unauthorized', 'does not accept these credentials'],
    [404, '{"error":{"type":"not_found","messages":["No such asset."]}}', 'not_found', 'No such asset.'],
    [413, '{"error":{"type":"payload_too_large","messages":["Too large."]}}', 'payload_too_large', 'Too large.'],
    [502, '<html>', 'unavailable', 'answered 502'],
    [400, '{"error":{"type":"from_the_future","messages":["Hm."]}}', 'invalid_parameters', 'Hm.'],
  ])('%i %s', (status, body, code, message) => {
    const error = toError(status, body, { apiUrl: 'http://x' });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe('which installation', () => {
  const all = { MEDIAFLOW_URL: 'https://v.example.com/', MEDIAFLOW_TOKEN_ID: 'i', MEDIAFLOW_TOKEN_SECRET: 's' };

  test('the environment is whole or an error that names what is missing', () => {
    expect(fromEnvironment(all)).toEqual({
      apiUrl: 'https://v.example.com',
      playbackUrl: 'https://v.example.com',
      tokenId: 'i',
      tokenSecret: 's',
    });
    expect(fromEnvironment({ ...all, MEDIAFLOW_SIGNING_KEY_ID: 'k', MEDIAFLOW_SIGNING_PRIVATE_KEY: 'p' }).signingKey).toEqual({
      id: 'k',
      privateKey: 'p',
    });
    expect(() => fromEnvironment({ MEDIAFLOW_URL: 'https://x' })).toThrow('MEDIAFLOW_TOKEN_ID and MEDIAFLOW_TOKEN_SECRET');
    expect(() => fromEnvironment({ ...all, MEDIAFLOW_URL: 'v.example.com' })).toThrow('no http address');
  });

  test.each([undefined, '', '{', '{"api_url":"x"}'])('a credentials file of %j is none', async (text) => {
    if (text !== undefined) await writeFile(join(folder, 'credentials.json'), text);
    await expect(findInstallation({}, folder)).rejects.toThrow('./mediaflow up');
  });
});

describe('playback tokens', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = generateKeyPairSync('ed25519');
  const cases: [string, { privateKey: KeyObject; publicKey: KeyObject }][] = [
    ['RS256', rsa],
    ['ES256', ec],
    ['EdDSA', ed],
  ];

  test.each(cases)('%s: verifies, with the claims that a player needs', async (algorithm, { privateKey, publicKey }) => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const key = { id: 'key-1', privateKey: Buffer.from(pem).toString('base64') };
    const now = Date.now() / 1000;
    const token = await signPlaybackToken(key, { playbackId: 'p1', type: 'thumbnail', expiresInSeconds: 60 }, now);
    const { payload, protectedHeader } = await jwtVerify(token, publicKey);
    expect(protectedHeader).toMatchObject({ alg: algorithm, kid: 'key-1' });
    expect(payload).toEqual({ kid: 'key-1', sub: 'p1', aud: 't', exp: Math.floor(now) + 60 });
  });

  test('a key that is none is said so', async () => {
    const request = { playbackId: 'p', type: 'video', expiresInSeconds: 1 } as const;
    await expect(signPlaybackToken({ id: 'k', privateKey: 'AAAA' }, request, 0)).rejects.toThrow('PKCS#8');
  });
});

test('links carry the token; a signed playback id goes before a public one', () => {
  expect(playbackLinks({ playbackUrl: 'http://e' }, 'p', { video: 'T', thumbnail: 'P' })).toEqual({
    hls: 'http://e/p.m3u8?token=T',
    page: 'http://e/embed/p?token=T&thumbnail-token=P',
  });
  expect(playbackLinks({ playbackUrl: 'http://e' }, 'p', { video: 'T' }).page).toBe('http://e/embed/p?token=T');
  expect(playbackLinks({ playbackUrl: 'http://e' }, 'p')).toEqual({ hls: 'http://e/p.m3u8', page: 'http://e/embed/p' });
  const ids = [
    { id: 'a', policy: 'public' },
    { id: 'b', policy: 'signed' },
  ] as const;
  const asset = { id: 'x', playback_ids: ids } as unknown as Parameters<typeof choosePlaybackId>[0];
  expect(choosePlaybackId(asset).id).toBe('b');
  expect(() => choosePlaybackId({ id: 'x' } as Parameters<typeof choosePlaybackId>[0])).toThrow('no playback id');
});

test('a source is an existing regular file', async () => {
  await mkdir(join(folder, 'dir'));
  await writeFile(join(folder, 'clip.mp4'), 'abc');
  expect(await openSourceFile('clip.mp4', folder)).toMatchObject({ path: join(folder, 'clip.mp4'), name: 'clip.mp4', sizeBytes: 3 });
  await expect(openSourceFile('dir', folder)).rejects.toThrow('is a folder');
  await expect(openSourceFile('gone.mp4', folder)).rejects.toThrow('There is no file');
  await expect(openSourceFile('clip.mp4/x', folder)).rejects.toThrow('There is no file');
  await expect(openSourceFile('/dev/null', folder)).rejects.toThrow('no regular file');
});

test('an upload under way is remembered for the very same file only', async () => {
  const file = { path: '/f', name: 'f', sizeBytes: 3, modifiedMs: 1 };
  const entry = { uploadId: 'u', endpoint: 'http://o/files/g', tusUrl: 'http://o/files/g/1' };
  await openUploadMemory(folder, 'http://e', file).remember(entry);
  expect(await openUploadMemory(folder, 'http://e', file).recall()).toEqual(entry);
  expect(await openUploadMemory(folder, 'http://other', file).recall()).toBeUndefined();
  expect(await openUploadMemory(folder, 'http://e', { ...file, modifiedMs: 2 }).recall()).toBeUndefined();
  await openUploadMemory(folder, 'http://e', file).forget();
  expect(await openUploadMemory(folder, 'http://e', file).recall()).toBeUndefined();
});
