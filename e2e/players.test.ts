import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '@mediaflow/shared/api';
import { OPENING_SECONDS, SEGMENT_SECONDS } from '@mediaflow/shared/timeline';
import { parse, types } from 'hls-parser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, getAsset, signedUrl, waitForEnd } from './api.ts';
import { decodedFrames, launchBrowser, play, screenshot } from './browser.ts';
import { countDecodedFrames, makeFilmWithTracks } from './clips.ts';
import { type Platform, startPlatform, until } from './platform.ts';
import {
  audioLanguages,
  openPlayer,
  type PlayerName,
  playbackState,
  playerErrors,
  seek,
  selectAudio,
  shownCues,
  showText,
  startOfPlay,
  textLanguages,
} from './players.ts';

/** A film with two languages and subtitles, in players that are not ours and in the one that is. */
let platform: Platform;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-players-'));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends a film in and returns as soon as it may be played, most of it not encoded. */
async function sendFilm(film: string): Promise<Asset> {
  const answer: unknown = JSON.parse(await platform.mediaflow('upload', film, '--json', '--data', platform.dataDir));
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) throw new Error('no id in the answer');
  const { id } = answer;
  return until('the film to be playable', async () => {
    const asset = await getAsset(platform, String(id));
    return asset.playable_at === undefined ? undefined : asset;
  });
}

/** What is left of it to encode would only be in the others' way. */
async function removeFilm({ id }: Asset): Promise<void> {
  await callApi(platform, 'DELETE', `/video/v1/assets/${id}`);
}

const toDash = (url: string): string => url.replace('.m3u8', '.mpd');
/** Pages of this origin may read what it serves; this one's own policy would keep the players' scripts out. */
async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 640, height: 400 }, bypassCSP: true });
  await page.goto(`${platform.credentials.api_url}/health`);
  return page;
}

/** Long enough that its end is not encoded while a player begins. */
const FILM_SECONDS = 300;
const CUE_SECONDS = 280;
/** For the rest. */
const SHORT_SECONDS = 24;
const segmentAt = (seconds: number): number =>
  seconds < OPENING_SECONDS ? 0 : 1 + Math.floor((seconds - OPENING_SECONDS) / SEGMENT_SECONDS);

let film: string;
let shortFilm: string;
beforeAll(async () => {
  film = await makeFilmWithTracks(join(folder, 'film.mkv'), { seconds: FILM_SECONDS, cueAtSeconds: CUE_SECONDS });
  shortFilm = await makeFilmWithTracks(join(folder, 'short.mkv'), { seconds: SHORT_SECONDS, cueAtSeconds: 10 });
});

/** Resolves when the player has shown another second of the film; says where it stands when it does not. */
async function goesOn(what: string, page: Page): Promise<void> {
  const before = await decodedFrames(page);
  await until(what, async () => {
    if ((await decodedFrames(page)) > before + 24) return true;
    throw new Error(JSON.stringify({ ...(await playbackState(page)), errors: await playerErrors(page) }));
  });
}

describe.each<[PlayerName, 'HLS' | 'DASH']>([
  ['hls.js', 'HLS'],
  ['Shaka', 'HLS'],
  ['Shaka', 'DASH'],
  ['dash.js', 'DASH'],
])('%s with %s', (name, format) => {
  it('plays, seeks to where nothing is encoded, switches the language, shows subtitles', async () => {
    const asset = await sendFilm(film);
    const address = await signedUrl(platform, asset);
    const page = await openPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').slice(3).join('/')));
    const refused: string[] = [];
    const outcomes = new Set<string>();
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
      outcomes.add(response.headers()['x-mediaflow-cache'] ?? '');
    });

    await openPlayer(page, name, format === 'DASH' ? toDash(address) : address);
    await until('pictures', async () => ((await decodedFrames(page)) > 24 ? true : undefined));
    expect([...(await audioLanguages(page))].sort()).toEqual(['de', 'en']);
    expect(await textLanguages(page)).toEqual(['en']);

    await showText(page, 'en');
    outcomes.clear();
    expect(await seek(page, CUE_SECONDS + 1)).toBeCloseTo(CUE_SECONDS + 1, 0);
    expect([...outcomes]).toContain('made');
    expect(await until('the cue', async () => (await shownCues(page))[0])).toBe('A line near the end');

    await goesOn('pictures from there', page);
    await selectAudio(page, 'de');
    await until('sound in the other language', async () => (asked.some((path) => /^a1\/\d+\.m4s$/.test(path)) ? true : undefined));
    await goesOn('pictures after that', page);
    expect(await playerErrors(page)).toEqual([]);
    expect(refused).toEqual([]);
    await page.close();
    await removeFilm(asset);
  });
});

async function openEmbed(asset: Asset, claims: Readonly<Record<string, unknown>> = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 390, height: 620 } });
  await page.goto((await signedUrl(platform, asset, claims)).replace(/\/([0-9a-f]{32})\.m3u8/, '/embed/$1'));
  await play(page);
  await until('pictures', async () => ((await decodedFrames(page)) > 12 ? true : undefined));
  return page;
}

describe('our own player', () => {
  it('asks for the lowest rung first where nothing is encoded', async () => {
    const asset = await sendFilm(film);
    const page = await openEmbed(asset);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').slice(3).join('/')));
    await seek(page, CUE_SECONDS);
    const pictures = asked.filter((path) => /^v\d+\/\d+\.m4s$/.test(path));
    // Whatever was on its way before the jump does not count.
    const first = segmentAt(CUE_SECONDS);
    expect(pictures.find((path) => path.endsWith(`/${first}.m4s`))).toBe(`v240/${first}.m4s`);
    await page.close();
    await removeFilm(asset);
  });

  it('asks for no more than the segment that begins at the place of a jump', async () => {
    const asset = await sendFilm(film);
    const page = await openEmbed(asset);
    await seek(page, CUE_SECONDS);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').slice(3).join('/')));
    const border = CUE_SECONDS - 42;
    await seek(page, border);
    const numbers = asked.flatMap((path) => /^v\d+\/(\d+)\.m4s$/.exec(path)?.[1] ?? []);
    expect(numbers).toContain(String(segmentAt(border)));
    expect(numbers).not.toContain(String(segmentAt(border) - 1));
    await page.close();
    await removeFilm(asset);
  });

  it('has menus for subtitles, language and quality, which a thumb can use', async () => {
    const page = await openEmbed(await sendFilm(shortFilm));
    for (const name of ['player-captions', 'player-audio', 'player-fullscreen', 'player-play']) {
      const box = await page.getByTestId(name).boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(36);
      expect((box?.x ?? 390) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    }
    await page.getByTestId('player-audio').click();
    await screenshot(page, 'player-audio-phone');
    await page.getByTestId('player-audio-menu').getByText('German').click();
    const isHeard = async () => page.getByTestId('player-audio-menu').locator('[value="1"]').getAttribute('aria-checked');
    await until('the other language', async () => ((await isHeard()) === 'true' ? true : undefined));
    await page.getByTestId('player-captions').click();
    await screenshot(page, 'player-captions-phone');
    await page.getByTestId('player-captions-menu').getByRole('menuitemradio').last().click();
    await seek(page, 11);
    expect(await until('the cue', async () => (await shownCues(page))[0])).toBe('A line near the end');
    await screenshot(page, 'player-cue-phone');
    await page.close();
  });
});

describe('a film that is ready', () => {
  let address: string;
  let ready: Asset;

  beforeAll(async () => {
    const { id } = await sendFilm(shortFilm);
    const asset = await waitForEnd(platform, id);
    expect(asset.status).toBe('ready');
    ready = asset;
    // The revision with what was measured follows `ready`, and the edge learns of it within half a minute.
    address = await until('the I-frame playlists to be listed', async () => {
      const url = await signedUrl(platform, asset);
      return (await fetchText(url)).includes('EXT-X-I-FRAME-STREAM-INF') ? url : undefined;
    });
  });

  async function readMultivariant(): Promise<types.MasterPlaylist> {
    const playlist = parse(await fetchText(address));
    if (!(playlist instanceof types.MasterPlaylist)) throw new Error('not a multivariant playlist');
    return playlist;
  }

  it('says no longer that it is filling', async () => {
    expect((await readMultivariant()).sessionDataList).toEqual([]);
  });

  it('states bandwidths that hold, and that are not much more than the truth', async () => {
    const { variants } = await readMultivariant();
    for (const { uri, bandwidth, averageBandwidth, audio } of variants.filter(({ isIFrameOnly }) => !isIFrameOnly)) {
      const [picture, sound] = await Promise.all([measure(uri), measure(audio[0]?.uri ?? '')]);
      expect(bandwidth / (picture.peakBps + sound.peakBps)).toBeGreaterThan(0.95);
      expect(bandwidth / (picture.peakBps + sound.peakBps)).toBeLessThan(1.1);
      expect((averageBandwidth ?? 0) / (picture.averageBps + sound.averageBps)).toBeGreaterThan(0.95);
      expect((averageBandwidth ?? 0) / (picture.averageBps + sound.averageBps)).toBeLessThan(1.1);
    }
  });

  async function measure(uri: string): Promise<{ peakBps: number; averageBps: number }> {
    const url = new URL(uri, address).href;
    const playlist = parse(await fetchText(url));
    if (!(playlist instanceof types.MediaPlaylist)) throw new Error('not a media playlist');
    const segments = await Promise.all(
      playlist.segments.map(async ({ uri: name, duration }) => ({
        bits: (await (await fetch(new URL(name, url))).arrayBuffer()).byteLength * 8,
        duration,
      })),
    );
    const sum = (of: (segment: (typeof segments)[number]) => number) => segments.reduce((total, segment) => total + of(segment), 0);
    return {
      peakBps: Math.max(...segments.map(({ bits, duration }) => bits / duration)),
      averageBps: sum(({ bits }) => bits) / sum(({ duration }) => duration),
    };
  }

  /**
   * 9 s to 21 s of the film, which lie in the segments from 6 s to 22 s: HLS has the exact start, DASH the exact end. More than Shaka
   * buffers at once, and the subtitles are chosen first: with HLS it shows none before pictures have come in after that.
   */
  it.each<[PlayerName, 'HLS' | 'DASH', { readonly startsAt: number; readonly duration: number }]>([
    ['hls.js', 'HLS', { startsAt: 3, duration: 16 }],
    ['Shaka', 'HLS', { startsAt: 3, duration: 16 }],
    ['Shaka', 'DASH', { startsAt: 0, duration: 15 }],
    ['dash.js', 'DASH', { startsAt: 0, duration: 15 }],
  ])('plays in part: %s with %s', async (name, format, { startsAt, duration }) => {
    const url = await signedUrl(platform, ready, { params: { asset_start_time: 9, asset_end_time: '21' } });
    const page = await openPage();
    await openPlayer(page, name, format === 'DASH' ? toDash(url) : url);
    await until('subtitles to choose', async () => ((await textLanguages(page)).length > 0 ? true : undefined));
    await showText(page, 'en');
    await until('pictures', async () => ((await decodedFrames(page)) > 2 ? true : undefined));
    // A player may show the first picture at 0 before it goes to where it is told to begin.
    await expect.poll(() => startOfPlay(page)).toBeCloseTo(startsAt, 0);
    const videoSeconds = await page.evaluate(() => document.querySelector('video')?.duration ?? Number.NaN);
    expect(Math.abs(videoSeconds - duration)).toBeLessThan(0.1);
    expect(await seek(page, 5)).toBeCloseTo(5, 0);
    expect(await until('the cue', async () => (await shownCues(page))[0])).toBe('A line near the end');
    expect(await playerErrors(page)).toEqual([]);
    await page.close();
  });

  it('plays in part in our own player, from the exact start to the exact end', async () => {
    const page = await openEmbed(ready, { params: { asset_start_time: 9, asset_end_time: '13' } });
    await expect.poll(() => startOfPlay(page)).toBeCloseTo(3, 0);
    await expect.poll(() => page.evaluate(() => document.querySelector('video')?.ended)).toBe(true);
    const shown = await page.evaluate(() => document.querySelector('video')?.currentTime ?? Number.NaN);
    expect(Math.abs(shown - 7)).toBeLessThan(0.1);
    expect(await page.getByTestId('player').getAttribute('data-error')).toBeNull();
    await page.close();
  });

  it('has pictures for trick play that are whole, one a segment', async () => {
    const iframes = (await readMultivariant()).variants.filter(({ isIFrameOnly }) => isIFrameOnly);
    expect(iframes.length).toBeGreaterThan(0);
    for (const { uri } of iframes) {
      const url = new URL(uri, address).href;
      const playlist = parse(await fetchText(url));
      if (!(playlist instanceof types.MediaPlaylist)) throw new Error('not a media playlist');
      expect(playlist.segments).toHaveLength(segmentAt(SHORT_SECONDS - 1) + 1);
      const init = await fetchBytes(new URL('init.mp4', url), {});
      for (const { uri: name, byterange } of playlist.segments) {
        const range = `bytes=${byterange.offset}-${byterange.offset + byterange.length - 1}`;
        const picture = join(folder, 'picture.mp4');
        await writeFile(picture, Buffer.concat([init, await fetchBytes(new URL(name, url), { range })]));
        expect(await countDecodedFrames(picture)).toBe(1);
      }
    }
  });
});

async function fetchBytes(url: URL, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}
