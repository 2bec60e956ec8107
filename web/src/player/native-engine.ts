import type { CreateEngine } from './engine.ts';
import { isWorthRetrying } from './policy.ts';

const RETRY_DELAY_MS = 1000;

/**
 * The browser's own HLS, for Safari on phones without MediaSource. It chooses the rendition by itself and does not say
 * why it failed, so the playlist is asked for first: that answer's status tells.
 */
export const createNativeEngine: CreateEngine = (video, src, events) => {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    const status = await fetch(src, { signal: abort.signal }).then(
      (response) => response.status,
      () => 0,
    );
    if (abort.signal.aborted) return;
    if (status === 200) {
      events.onDelivered();
      video.src = src;
    } else if (isWorthRetrying(status)) {
      events.onWait(status);
      timer = setTimeout(load, RETRY_DELAY_MS);
    } else {
      events.onFailed(status);
    }
  }

  const onError = () => {
    // A segment that is not encoded yet ends native playback: take it up again where it stopped.
    if (video.error?.code !== MediaError.MEDIA_ERR_NETWORK) return events.onFailed(undefined);
    const { currentTime } = video;
    video.addEventListener('loadedmetadata', () => Object.assign(video, { currentTime }), { once: true });
    timer = setTimeout(load, RETRY_DELAY_MS);
  };
  const onResize = () => events.onLevel(Math.min(video.videoWidth, video.videoHeight));
  video.addEventListener('error', onError);
  video.addEventListener('resize', onResize);
  void load();

  return {
    // The browser keeps both choices to itself, and names nothing to choose from.
    selectRendition: () => undefined,
    selectAudioTrack: () => undefined,
    destroy() {
      abort.abort();
      clearTimeout(timer);
      video.removeEventListener('error', onError);
      video.removeEventListener('resize', onResize);
      video.removeAttribute('src');
      video.load();
    },
  };
};
