import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium: it decodes H.264, and nothing is downloaded. */
const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** Saved where a person can look at it afterwards; the folder is not in git. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = new URL('./screenshots/', import.meta.url).pathname;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Frames that the page's video element has really decoded so far. */
export function decodedFrames(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0);
}

/** Starts the page's video element without sound; a no-op while it plays. */
export async function play(page: Page): Promise<void> {
  await page.locator('video').evaluate(async (element) => {
    if (!(element instanceof HTMLVideoElement)) return;
    element.muted = true;
    await element.play();
  });
}
