import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asset, signingKeySchema } from '@mediaflow/shared/api';
import { importPKCS8, SignJWT } from 'jose';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, getAsset, signedUrl, waitForEnd } from './api.ts';
import { decodedFrames, launchBrowser, play, screenshot } from './browser.ts';
import { BIG_BUCK_BUNNY, countDecodedFrames, makeClip } from './clips.ts';
import { type Platform, startPlatform, until } from './platform.ts';
import { checkRendition, readVariants } from './strict-hls.ts';

/** The main path, as a person walks it: sign in, drop a film, lose the connection, watch. */
let platform: Platform;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-clips-'));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function openDashboard(viewport = { width: 1440, height: 900 }): Promise<Page> {
  const context = await browser.newContext({ viewport, baseURL: platform.credentials.api_url });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByTestId('token-id').fill(platform.credentials.token_id);
  await page.getByTestId('token-secret').fill(platform.credentials.token_secret);
  await page.getByTestId('sign-in').click();
  await page.getByTestId('drop-zone').waitFor();
  return page;
}

/** Slow enough to be interrupted; `offline` cuts what is under way as well. */
async function shapeNetwork(session: CDPSession, { offline = false, uploadBytesPerSecond = -1 }): Promise<void> {
  await session.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: uploadBytesPerSecond,
  });
}

async function newestAsset(): Promise<Asset> {
  const assets = await callApi(platform, 'GET', '/video/v1/assets?limit=1');
  const [first] = Array.isArray(assets) ? assets : [];
  return getAsset(platform, String(first?.id));
}

describe('a film sent in through the page', () => {
  let asset: Asset;

  it('goes up although the connection breaks half-way', async () => {
    const page = await openDashboard();
    const session = await page.context().newCDPSession(page);
    await shapeNetwork(session, { uploadBytesPerSecond: 2_000_000 });
    await page.getByTestId('file-input').setInputFiles(BIG_BUCK_BUNNY);

    const card = page.getByTestId('upload-card');
    const sentBytes = async () => Number(await card.getAttribute('data-sent'));
    await until('some of the film to be sent', async () => ((await sentBytes()) > 4_000_000 ? true : undefined));
    await shapeNetwork(session, { offline: true });
    await page.locator('[data-testid=upload-card][data-phase=reconnecting]').waitFor();
    const sentBeforeBreak = await sentBytes();
    await screenshot(page, 'upload-reconnecting');
    await shapeNetwork(session, {});
    await page.getByTestId('asset-card').first().waitFor();
    expect(sentBeforeBreak).toBeGreaterThan(0);

    asset = await newestAsset();
    expect(asset.meta?.title).toBe('video');
    await screenshot(page, 'library-encoding');
    await page.context().close();
  });

  it('is complete: its hash is the file’s', async () => {
    const expected = createHash('sha256')
      .update(await readFile(BIG_BUCK_BUNNY))
      .digest('hex');
    const actual = await until('the hash', async () => (await getAsset(platform, asset.id)).source?.sha256);
    expect(actual).toBe(expected);
  });

  async function openPlayer(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto((await signedUrl(platform, asset)).replace(/\/([0-9a-f]{32})\.m3u8/, '/embed/$1'));
    await play(page);
    return page;
  }

  it('plays from its signed address while it is still being made', async () => {
    const page = await openPlayer();
    await until('pictures', async () => ((await decodedFrames(page)) > 24 ? true : undefined));
    await page.close();
  });

  it('offers the choice of a quality, and none of a language or of subtitles, of which it has one at most', async () => {
    const page = await openPlayer();
    await page.getByTestId('player-quality').waitFor();
    for (const name of ['player-audio', 'player-captions']) expect(await page.getByTestId(name).isVisible()).toBe(false);
    await page.close();
  });

  it('moves to a better quality by itself, without losing the picture', async () => {
    asset = await waitForEnd(platform, asset.id);
    expect(asset.status).toBe('ready');
    const page = await openPlayer();
    const level = async () => Number(await page.getByTestId('player').getAttribute('data-level'));
    const first = await until('a first quality', async () => (await level()) || undefined);
    await until('a better quality', async () => ((await level()) > first ? true : undefined));
    const before = await decodedFrames(page);
    await until('pictures after the switch', async () => ((await decodedFrames(page)) > before + 24 ? true : undefined));
    expect(await page.getByTestId('player').getAttribute('data-error')).toBeNull();
    await screenshot(page, 'player');
    await page.close();
  });

  it('shows on a phone', async () => {
    const page = await openDashboard({ width: 390, height: 844 });
    await page.getByTestId('asset-card').first().waitFor();
    await screenshot(page, 'library-phone');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.goto(`/videos/${asset.id}`);
    await page.getByTestId('signed-url').waitFor();
    await screenshot(page, 'video-phone');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  });

  it('has every frame on its place in every rung', async () => {
    const variants = await readVariants(await signedUrl(platform, asset));
    expect(variants.map(({ height }) => height)).toEqual([1080, 720, 480, 360, 240]);
    for (const { url } of variants) expect(await countDecodedFrames(url)).toBe(720);
  });

  it('is what strict parsers call valid, with segments that join', async () => {
    const variants = await readVariants(await signedUrl(platform, asset));
    const boundaries = await Promise.all(variants.map(({ url }) => checkRendition(url)));
    // Every rung can be left and entered at every boundary.
    expect(new Set(boundaries.map((seconds) => JSON.stringify(seconds))).size).toBe(1);
    expect(boundaries[0]).toHaveLength(8);
  });

  it('plays in a second engine', async () => {
    const page = await browser.newPage({ bypassCSP: true });
    await page.goto(`${platform.credentials.api_url}/health`);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('shaka-player/dist/shaka-player.compiled.js') });
    const url = await signedUrl(platform, asset);
    await page.evaluate(async (src) => {
      const video = document.body.appendChild(document.createElement('video'));
      video.muted = true;
      // Shaka is a global of the script above.
      const { shaka } = window as unknown as {
        shaka: { Player: new () => { attach(v: HTMLVideoElement): Promise<void>; load(u: string): Promise<void> } };
      };
      const player = new shaka.Player();
      await player.attach(video);
      await player.load(src);
      await video.play();
    }, url);
    await until('pictures in Shaka', async () => ((await decodedFrames(page)) > 48 ? true : undefined));
    await page.close();
  });

  it('has a poster for those who may see it', async () => {
    const [playbackId] = asset.playback_ids ?? [];
    const path = `/video/v1/assets/${asset.id}/playback-ids/${playbackId?.id}/tokens`;
    const token = await callApi(platform, 'POST', path, { type: 'thumbnail' });
    const address = `${platform.credentials.playback_url}/${playbackId?.id}/thumbnail.jpg`;
    const seen = await fetch(`${address}?token=${token !== null && typeof token === 'object' && 'token' in token ? token.token : ''}`);
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await fetch(address)).status).toBe(403);
  });
});

describe('a page that is reloaded in the middle of an upload', () => {
  it('goes on where it was, once it is given the same file again', async () => {
    const clip = await makeClip(join(folder, 'reload.mp4'), { seconds: 12, bitrate: '16M' });
    const page = await openDashboard();
    page.on('dialog', (dialog) => dialog.accept());
    const session = await page.context().newCDPSession(page);
    await shapeNetwork(session, { uploadBytesPerSecond: 4_000_000 });
    await page.getByTestId('file-input').setInputFiles(clip);
    await until('some of it to be sent', async () => {
      const sent = Number(await page.getByTestId('upload-card').getAttribute('data-sent'));
      return sent > 6_000_000 ? true : undefined;
    });
    await page.reload();
    const card = page.getByTestId('resume-card');
    const offset = await until('what the server has', async () => Number(await card.getAttribute('data-offset')) || undefined);
    expect(offset).toBeGreaterThan(1_000_000);
    await screenshot(page, 'upload-resume');

    const creations: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().startsWith(platform.credentials.upload_url)) creations.push(request.url());
    });
    await page.getByTestId('resume-input').setInputFiles(clip);
    const title = await until('the asset', async () => {
      const { meta } = await newestAsset();
      return meta?.title === 'reload' ? meta.title : undefined;
    });
    expect(title).toBe('reload');
    expect(creations).toEqual([]);
    await page.context().close();
  });
});

describe('who has no right to a film', () => {
  let asset: Asset;
  let other: Asset;
  let playbackId: string;

  beforeAll(async () => {
    const upload = async (name: string): Promise<Asset> => {
      const clip = await makeClip(join(folder, name), { seconds: 4 });
      const answer: unknown = JSON.parse(await platform.mediaflow('upload', clip, '--json', '--data', platform.dataDir));
      return waitForEnd(platform, idOf(answer));
    };
    asset = await upload('one.mp4');
    other = await upload('two.mp4');
    playbackId = String(asset.playback_ids?.[0]?.id);
  });

  /** Signed as Mux's SDK signs: the key's id in the payload, parameters as strings. */
  async function sign(
    claims: Readonly<Record<string, unknown>>,
    expiresInSeconds: number,
    { id, privateKey } = { id: platform.credentials.signing_key_id as string, privateKey: platform.credentials.signing_private_key },
  ): Promise<string> {
    const key = await importPKCS8(Buffer.from(privateKey, 'base64').toString('utf8'), 'RS256');
    const exp = Math.floor(Date.now() / 1000) + expiresInSeconds;
    return new SignJWT({ kid: id, aud: 'v', sub: playbackId, ...claims, exp }).setProtectedHeader({ alg: 'RS256' }).sign(key);
  }

  async function statusWith(query: string): Promise<number> {
    return (await fetch(`${platform.credentials.playback_url}/${playbackId}.m3u8${query}`)).status;
  }

  it('is let in with the right token', async () => {
    expect(await statusWith(`?token=${await sign({ max_resolution: '720p' }, 60)}`)).toBe(200);
  });

  it.each([
    ['without a token', async () => ''],
    ['with an expired one', async () => `?token=${await sign({}, -3600)}`],
    ['with one of another film', async () => `?token=${await sign({ sub: other.playback_ids?.[0]?.id }, 60)}`],
    ['with one for pictures', async () => `?token=${await sign({ aud: 't' }, 60)}`],
    ['with one of an unknown key', async () => `?token=${await sign({ kid: 'f'.repeat(32) }, 60)}`],
    ['with a changed one', async () => `?token=${(await sign({}, 60)).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`],
  ])('is refused %s', async (_, query) => {
    expect(await statusWith(await query())).toBe(403);
  });

  it('is refused below the playlist as well, however warm the cache is', async () => {
    const [variant] = await readVariants(await signedUrl(platform, asset));
    if (variant === undefined) throw new Error('no variant');
    const segment = new URL('0.m4s', variant.url);
    expect((await fetch(segment)).status).toBe(200);
    const session = segment.pathname.split('/')[2] ?? '';
    const forged = session.replace(/^../, (start) => (start === 'AA' ? 'AB' : 'AA'));
    for (const path of [
      segment.pathname.replace(session, forged),
      segment.pathname.replace(`/s/${session}`, '/s'),
      `/s/x${segment.pathname}`,
    ]) {
      expect([403, 404]).toContain((await fetch(new URL(path, segment))).status);
    }
  });

  it('is shut out, cached segments included, and nobody else is', async () => {
    const { playback_url: edge, api_url: api } = platform.credentials;
    const open = async (address: string): Promise<{ readonly sessionId: string; readonly segment: URL }> => {
      const manifest = await fetch(address);
      const path = /\/s\/[\w-]+\/v\d+\//.exec(await manifest.text())?.[0];
      const segment = new URL(`${path}0.m4s`, api);
      expect((await fetch(segment)).status).toBe(200);
      return { sessionId: manifest.headers.get('x-mediaflow-session') ?? '', segment };
    };
    const key = signingKeySchema.parse(await callApi(platform, 'POST', '/system/v1/signing-keys', {}));
    const ofKey = await sign({}, 60, { id: key.id, privateKey: key.private_key ?? '' });
    const [staying, leaving, ofDeletedKey, ofDeletedId] = await Promise.all([
      open(await signedUrl(platform, asset)),
      open(await signedUrl(platform, asset)),
      open(`${edge}/${playbackId}.m3u8?token=${ofKey}`),
      open(await signedUrl(platform, other)),
    ]);

    await platform.mediaflow('revoke', 'session', leaving.sessionId, '--playback-id', playbackId, '--data', platform.dataDir);
    await callApi(platform, 'DELETE', `/system/v1/signing-keys/${key.id}`);
    await callApi(platform, 'DELETE', `/video/v1/assets/${other.id}/playback-ids/${other.playback_ids?.[0]?.id}`);
    const isRefused = async ({ segment }: typeof leaving) => ((await fetch(segment)).status === 403 ? true : undefined);
    for (const session of [leaving, ofDeletedKey, ofDeletedId]) await until('the refusal', () => isRefused(session));
    expect((await fetch(staying.segment)).headers.get('x-mediaflow-cache')).toBe('hit');
    expect(await statusWith(`?token=${ofKey}`)).toBe(403);
  });

  it('is told so by the player', async () => {
    const page = await browser.newPage();
    await page.goto(`${platform.credentials.playback_url}/embed/${playbackId}?token=${await sign({}, -3600)}`);
    await page.locator('[data-testid=player][data-state=error]').waitFor();
    await screenshot(page, 'player-refused');
    expect(await page.getByTestId('player-notice').textContent()).toMatch(/expired|link/i);
    await page.close();
  });
});

function idOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'id' in answer) return String(answer.id);
  throw new Error(`no id in ${JSON.stringify(answer)}`);
}
