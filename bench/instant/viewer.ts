import type { Page } from 'playwright-core';

/** How long a picture may take before a round counts as failed. */
const PATIENCE_MS = 60_000;

/** Resolves when the page's video has put its first picture on the screen. */
export async function untilPicture(page: Page): Promise<void> {
  await page.waitForSelector('video', { state: 'attached' });
  await page.evaluate(async (patienceMs) => {
    const video = document.querySelector('video');
    if (video === null) throw new Error('no video element');
    video.muted = true;
    const shown = new Promise<void>((resolve) => video.requestVideoFrameCallback(() => resolve()));
    void video.play().catch(() => undefined);
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no picture in time')), patienceMs));
    await Promise.race([shown, late]);
  }, PATIENCE_MS);
}

/** Jumps to `seconds` and resolves, with the seconds it took, when a picture from there is on the screen. */
export function seekTo(page: Page, seconds: number): Promise<number> {
  return page.evaluate(
    async ({ target, patienceMs }) => {
      const video = document.querySelector('video');
      if (video === null) throw new Error('no video element');
      const start = performance.now();
      const shown = new Promise<void>((resolve) => {
        const look: VideoFrameRequestCallback = (_, { mediaTime }) => {
          // The picture at the target, not one that was decoded before the jump.
          if (Math.abs(mediaTime - target) < 1) resolve();
          else video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      });
      video.currentTime = target;
      const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no picture in time')), patienceMs));
      await Promise.race([shown, late]);
      return (performance.now() - start) / 1000;
    },
    { target: seconds, patienceMs: PATIENCE_MS },
  );
}
