import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Asset, assetSchema } from '@mediaflow/shared/api';
import { playbackAnswerSchema } from '@mediaflow/shared/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';

let origin: TestOrigin;
let account: Account;
beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 44 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

const MULTIVARIANT = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1000000,RESOLUTION=640x360
360/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080
1080/index.m3u8
`;
const MEDIA = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXTINF:4.004,
0.ts
#EXTINF:2.5,
1.ts
#EXT-X-ENDLIST
`;
const FILM = {
  'main.m3u8': MULTIVARIANT,
  '360/index.m3u8': MEDIA,
  '360/0.ts': 'x',
  '360/1.ts': 'y',
  '1080/index.m3u8': MEDIA,
  '1080/0.ts': 'x',
  '1080/1.ts': 'y',
};

let folderCount = 0;

/** Files under a prefix of their own below the account's root; the prefix. */
async function store(files: Readonly<Record<string, string>>, root = `external/${account.bootstrap.account_id}/`): Promise<string> {
  folderCount += 1;
  const prefix = `${root}film-${folderCount}/`;
  for (const [path, text] of Object.entries(files)) await write(prefix + path, text);
  return prefix;
}

async function write(key: string, text: string): Promise<void> {
  const path = join(origin.storeDir, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const register = (url: string, settings: object = {}): Promise<Asset> =>
  account.call('POST', '/video/v1/assets', { inputs: [{ url }], ...settings });

async function readFailure(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { messages: string[] } };
  return `${response.status} ${error.messages.join(' ')}`;
}

const failure = async (body: object): Promise<string> =>
  readFailure(await account.fetch('/video/v1/assets', { method: 'POST', body: JSON.stringify(body) }));

describe('POST /video/v1/assets', () => {
  test('makes a ready asset of what is there', async () => {
    const prefix = await store(FILM);
    const asset = await register(`bucket://${prefix}main.m3u8`, {
      passthrough: 'p',
      meta: { title: 'Theirs' },
      playback_policies: ['public'],
    });
    expect(assetSchema.parse(asset)).toMatchObject({
      status: 'ready',
      kind: 'video',
      duration: 6.504,
      aspect_ratio: '16:9',
      resolution_tier: '1080p',
      progress: { state: 'completed', progress: 100 },
      passthrough: 'p',
      meta: { title: 'Theirs' },
      external: { prefix, manifest: 'main.m3u8' },
      playback_ids: [{ policy: 'public' }],
    });
    expect(asset).not.toHaveProperty('upload_id');
    expect(asset).not.toHaveProperty('source');
    const [playbackId] = asset.playback_ids ?? [];
    const answer = await origin.service(`/internal/playback-ids/${playbackId?.id}`);
    expect(playbackAnswerSchema.parse(await answer.json())).toMatchObject({
      version: 1,
      status: 'ready',
      duration_ms: 6504,
      external: { prefix, manifest: 'main.m3u8' },
    });
  });

  test('takes the older spellings of an input, and a folder above the playlist', async () => {
    const prefix = await store({ 'hls/main.m3u8': MEDIA.replace(/(\d.ts)/g, '../video/$1'), 'video/0.ts': 'x', 'video/1.ts': 'y' });
    const url = `bucket://${prefix}hls/main.m3u8`;
    expect(await failure({ input: url })).toContain('no plain path below the prefix');
    const asset = await account.call<Asset>('POST', '/video/v1/assets', { input: [{ url, prefix }] });
    expect(asset).toMatchObject({ duration: 6.504, external: { prefix, manifest: 'hls/main.m3u8' } });
    expect(asset).not.toHaveProperty('resolution_tier');
  });

  test('takes an MPD', async () => {
    const mpd = `<MPD type="static" mediaPresentationDuration="PT6.5S"><Period><AdaptationSet contentType="video"><Representation id="v" width="640" height="360"><SegmentTemplate initialization="init.mp4" media="$Number$.m4s"/></Representation></AdaptationSet></Period></MPD>`;
    const prefix = await store({ 'main.mpd': mpd });
    const body = { inputs: [{ url: `bucket://${prefix}main.mpd` }] };
    expect(await failure(body)).toContain('names "init.mp4", which is not stored');
    await write(`${prefix}init.mp4`, 'x');
    expect(await account.call<Asset>('POST', '/video/v1/assets', body)).toMatchObject({ duration: 6.5, aspect_ratio: '16:9' });
    await write(`${prefix}main.mpd`, mpd.replace('init.mp4', 'http://evil.test/'));
    expect(await failure(body)).toContain('no plain path below the prefix');
  });

  test.each([
    ['no input', {}, 'expected one input'],
    ['two inputs', { inputs: ['bucket://a/b.m3u8', 'bucket://a/c.m3u8'] }, 'inputs'],
    ['a file of the web', { inputs: [{ url: 'https://example.com/a.mp4' }] }, 'is not in the bucket'],
    ['our own media', { inputs: [{ url: 'bucket://media/0/1/main.m3u8' }] }, 'Only what lies below "external/'],
    ["another account's root", { inputs: [{ url: `bucket://external/${'0'.repeat(32)}/f/main.m3u8` }] }, 'Only what lies below'],
    ['the way out of the root', { inputs: [{ url: 'bucket://external/../media/main.m3u8' }] }, 'not the key of an object'],
    ['an escape', { inputs: [{ url: 'bucket://external/%2e%2e/main.m3u8' }] }, 'not the key of an object'],
    ['what is no playlist', { inputs: [{ url: 'bucket://external/film.mp4' }] }, 'no manifest'],
    ['a prefix elsewhere', { inputs: [{ url: 'bucket://external/a/main.m3u8', prefix: 'external/b' }] }, 'no folder above'],
  ])('refuses %s', async (_, body, message) => {
    const text = await failure(body);
    expect(text).toMatch(/^400 /);
    expect(text).toContain(message);
  });

  test.each([
    ['a playlist that is not stored', { 'main.m3u8': undefined }, '"main.m3u8" cannot be registered. It is not stored'],
    ['a variant that is not stored', { '1080/index.m3u8': undefined }, '"1080/index.m3u8" cannot be registered. It is not stored'],
    ['a last segment that is not stored', { '1080/1.ts': undefined }, 'names "1080/1.ts", which is not stored'],
    ['HTML', { 'main.m3u8': '<html>' }, 'does not begin with #EXTM3U'],
    ['bytes that are no text', { 'main.m3u8': '\ufffd' }, 'does not begin with'],
    ['a live playlist', { '360/index.m3u8': MEDIA.replace('#EXT-X-ENDLIST\n', '') }, 'only finished videos'],
    ['no segment', { '360/index.m3u8': '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-ENDLIST\n' }, 'names no segment'],
    ['no variant', { 'main.m3u8': '#EXTM3U\n' }, 'names no variant'],
    ['a variant of variants', { '360/index.m3u8': MULTIVARIANT }, 'must be a media playlist'],
    ['another host', { '360/index.m3u8': MEDIA.replace('0.ts', 'http://evil.test/0.ts') }, 'no plain path below the prefix'],
    ['a way out', { '360/index.m3u8': MEDIA.replace('0.ts', '../../other/0.ts') }, 'no plain path below the prefix'],
    ['another host in the multivariant playlist', { 'main.m3u8': MULTIVARIANT.replace('360/', '//evil.test/') }, 'no plain path'],
    ['8 MB and more', { 'main.m3u8': `${MULTIVARIANT}${'#'.repeat(8 * 1024 * 1024)}` }, 'is larger than'],
  ])('refuses %s', async (_, change, message) => {
    const files = Object.entries({ ...FILM, ...change }).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
    const prefix = await store(Object.fromEntries(files));
    const text = await failure({ inputs: [{ url: `bucket://${prefix}main.m3u8` }] });
    expect(text).toMatch(/^400 /);
    expect(text).toContain(message);
  });
});

describe('an external asset', () => {
  test('is listed, shown, changed and followed like any other', async () => {
    const prefix = await store(FILM);
    const { id } = await register(`bucket://${prefix}main.m3u8`);
    expect((await account.call<Asset[]>('GET', '/video/v1/assets?limit=1')).map((asset) => asset.id)).toEqual([id]);
    expect(await account.call<Asset>('PATCH', `/video/v1/assets/${id}`, { passthrough: 'q' })).toMatchObject({ id, passthrough: 'q' });
    expect(await account.call('GET', `/video/v1/assets/${id}/quality`)).toEqual({ status: 'ready', video_quality: 'plus', rungs: [] });
    expect(await (await account.fetch(`/video/v1/assets/${id}/events`)).text()).toContain('event: video.asset.ready');
    const made = await origin.service('/internal/segments', { method: 'POST', body: JSON.stringify({ key: `media/${id}/1/poster.jpg` }) });
    expect(await made.json()).toEqual({ state: 'unknown' });
  });

  test('takes a new version when its files have changed, and keeps the old one when they are broken', async () => {
    const prefix = await store(FILM);
    const { id, playback_ids } = await register(`bucket://${prefix}main.m3u8`);
    const versionNow = async (): Promise<unknown> =>
      playbackAnswerSchema.parse(await (await origin.service(`/internal/playback-ids/${playback_ids?.[0]?.id}`)).json()).version;
    await write(`${prefix}360/index.m3u8`, MEDIA.replace('2.5', '1'));
    expect(await account.call<Asset>('POST', `/video/v1/assets/${id}/refresh`)).toMatchObject({ duration: 5.004 });
    expect(await versionNow()).toBe(2);
    await rm(join(origin.storeDir, prefix, 'main.m3u8'));
    expect(await readFailure(await account.fetch(`/video/v1/assets/${id}/refresh`, { method: 'POST' }))).toMatch(/^400 .*not stored/);
    expect(await versionNow()).toBe(2);
    const stranger = await origin.createAccount();
    expect((await stranger.fetch(`/video/v1/assets/${id}/refresh`, { method: 'POST' })).status).toBe(404);
  });

  test('opens the keys below its prefix to the edge as long as it is there, and leaves them where they are', async () => {
    const prefix = await store(FILM);
    const objects = async (key: string): Promise<number> => (await origin.service(`/internal/objects/${key}`)).status;
    expect(await objects(`${prefix}360/0.ts`)).toBe(404);
    const { id } = await register(`bucket://${prefix}main.m3u8`);
    const part = await origin.service(`/internal/objects/${prefix}360/index.m3u8`, { headers: { range: 'bytes=1-6' } });
    expect([part.status, part.headers.get('content-type'), await part.text()]).toEqual([206, 'application/vnd.apple.mpegurl', 'EXTM3U']);
    expect(await objects(`${prefix}360/7.ts`)).toBe(404);
    expect(await objects(`${prefix.slice(0, -1)}-other/0.ts`)).toBe(404);
    expect(await objects(`${prefix}../film-0/0.ts`)).toBe(404);
    expect((await account.fetch(`/video/v1/assets/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await objects(`${prefix}360/0.ts`)).toBe(404);
    expect(await readFile(join(origin.storeDir, prefix, '360/0.ts'), 'utf8')).toBe('x');
    const purges = await origin.db.selectFrom('outbox').select('payload').where('job', '=', 'purge').execute();
    for (const { payload } of purges) expect(JSON.stringify(payload)).not.toContain('external/');
  });
});
