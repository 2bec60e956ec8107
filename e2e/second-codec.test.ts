import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { AssetId } from '@mediaflow/shared/ids';
import { mediaKey } from '@mediaflow/shared/keys';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeEncoded } from '../workers/src/encode/store-encoded.ts';
import { probeFile } from '../workers/src/probe/probe-file.ts';
import { storeManifests, storePlaylists } from '../workers/src/publish/manifests.ts';
import { counterInput, createClipFolder, ffmpeg, H264, toneInput } from '../workers/src/testing/clips.ts';
import { encodeUnit } from '../workers/src/testing/encode-asset.ts';
import { createHandlerContext } from '../workers/src/testing/handler-context.ts';
import { launchBrowser } from './browser.ts';
import { openPlayer } from './players.ts';

const media = { assetId: '0123456789abcdef0123456789abcdef' as AssetId, version: 1 };
const SECONDS = 9;
const FRAMES_PER_SECOND = 25;

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let server: Server;
let browser: Browser;
let manifests: Readonly<Record<'hls.js' | 'Shaka', string>>;

beforeAll(async () => {
  clips = await createClipFolder();
  const { store } = (await createHandlerContext(clips.path)).context;
  await storeAv1Asset(store);
  server = await serve(store);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  manifests = {
    'hls.js': base + mediaKey({ ...media, object: { kind: 'multivariant', revision: 1 } }),
    Shaka: base + mediaKey({ ...media, object: { kind: 'dash', revision: 1 } }),
  };
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
  await clips.remove();
});

/** A film that shows its frame numbers, with sound; the manifests list AV1 alone, so that no player can choose H.264. */
async function storeAv1Asset(store: ObjectStore): Promise<void> {
  const signal = new AbortController().signal;
  const path = join(clips.path, 'counter.mp4');
  const inputs = [...counterInput(String(FRAMES_PER_SECOND), SECONDS), ...toneInput(SECONDS)];
  await ffmpeg(...inputs, ...H264, '-c:a', 'aac', path);
  const source = await probeFile(path, signal);
  const timeline = fixTimeline(source);
  const renditions = planRenditions(source, timeline, { secondCodec: 'av1' }).filter(({ id }) => id.endsWith('-av1') || id === 'a0');
  expect(renditions.map(({ id }) => id)).toEqual(['v180-av1', 'a0']);
  const asset = { path, source, timeline, renditions, units: planUnits(timeline, renditions) };
  for (const unit of asset.units) {
    const encoded = await encodeUnit(asset, unit, join(clips.path, 'scratch'));
    await storeEncoded(store, media, encoded.renditions, signal);
  }
  const revision = { ...media, revision: 1, timeline, renditions, measured: [] };
  await storePlaylists(store, revision);
  await storeManifests(store, revision);
}

/** The store as a static folder; every other path is an empty page of the same origin. */
async function serve(store: ObjectStore): Promise<Server> {
  const created = createServer((request, response) => {
    void (async () => {
      const key = (request.url ?? '').slice(1);
      const object = key.startsWith('media/') ? await store.get(key) : undefined;
      if (object === undefined) return response.writeHead(key === '' ? 200 : 404, { 'content-type': 'text/html' }).end();
      return response.end(Buffer.from(await new Response(object.body).arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve));
  return created;
}

const currentTime = (page: Page): Promise<number> => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);

/** The frame number that is on screen, read off its columns. */
function shownFrame(page: Page): Promise<number> {
  return page.locator('video').evaluate((video: HTMLVideoElement) => {
    const columns = 12;
    const canvas = new OffscreenCanvas(columns * 8, 8);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const lumas = Array.from({ length: columns }, (_, column) => context.getImageData(column * 8 + 4, 4, 1, 1).data[0] ?? 0);
    return lumas.reduce((value, luma, bit) => value + (luma > 128 ? 2 ** bit : 0), 0);
  });
}

test.each(['hls.js', 'Shaka'] as const)('AV1 plays to its end in Chromium through %s, and a seek finds the very picture', async (name) => {
  const page = await browser.newPage();
  await page.goto(new URL('/', manifests[name]).href);
  await openPlayer(page, name, manifests[name]);
  const video = page.locator('video');
  await expect.poll(() => currentTime(page)).toBeGreaterThan(1);
  // In the middle of a frame of the second segment.
  const frame = 5 * FRAMES_PER_SECOND + 7;
  await video.evaluate(
    async (element: HTMLVideoElement, seconds: number) => {
      element.pause();
      const seeked = new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
      element.currentTime = seconds;
      await seeked;
    },
    (frame + 0.5) / FRAMES_PER_SECOND,
  );
  await expect.poll(() => shownFrame(page)).toBe(frame);
  await video.evaluate((element: HTMLVideoElement) => element.play());
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.ended)).toBe(true);
  expect(await currentTime(page)).toBeCloseTo(SECONDS, 0);
  expect(await page.evaluate(() => (window as unknown as { foreign: { errors: string[] } }).foreign.errors)).toEqual([]);
  await page.close();
});
