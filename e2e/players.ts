import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/**
 * Players that are not ours, in a real browser. Each is brought under this one face, which `openPlayer` puts on the page as
 * `window.foreign`.
 */
interface ForeignPlayer {
  audioLanguages(): readonly string[];
  selectAudio(language: string): void;
  textLanguages(): readonly string[];
  showText(language: string): void;
  /** What the player itself calls broken. */
  readonly errors: string[];
}

export type PlayerName = keyof typeof SCRIPTS;

const SCRIPTS = {
  'hls.js': 'hls.js/dist/hls.min.js',
  Shaka: 'shaka-player/dist/shaka-player.compiled.js',
  'dash.js': 'dashjs',
} as const;

/** Plays `src` in the named player, without sound. The page must be of an origin that may read `src`. */
export async function openPlayer(page: Page, name: PlayerName, src: string): Promise<void> {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve(SCRIPTS[name]) });
  await page.evaluate(() => {
    const video = document.body.appendChild(document.createElement('video'));
    video.muted = true;
  });
  if (name === 'hls.js') await page.evaluate(openHlsJs, src);
  else if (name === 'Shaka') await page.evaluate(openShaka, src);
  else await page.evaluate(openDashJs, src);
}

/** Runs in the page. */
function openHlsJs(src: string): void {
  interface Track {
    readonly lang?: string;
  }
  interface Hls {
    readonly audioTracks: readonly Track[];
    audioTrack: number;
    readonly subtitleTracks: readonly Track[];
    subtitleTrack: number;
    loadSource(url: string): void;
    attachMedia(video: HTMLVideoElement): void;
    on(event: 'hlsError', listener: (name: string, data: { fatal: boolean; details: string }) => void): void;
  }
  const page = window as unknown as { Hls: new () => Hls; foreign: ForeignPlayer };
  const video = document.querySelector('video') as HTMLVideoElement;
  const hls = new page.Hls();
  const errors: string[] = [];
  hls.on('hlsError', (_, { fatal, details }) => void (fatal && errors.push(details)));
  const languages = (tracks: readonly Track[]) => tracks.map(({ lang }) => lang ?? '');
  page.foreign = {
    errors,
    audioLanguages: () => languages(hls.audioTracks),
    selectAudio: (language) => {
      hls.audioTrack = languages(hls.audioTracks).indexOf(language);
    },
    textLanguages: () => languages(hls.subtitleTracks),
    showText: (language) => {
      hls.subtitleTrack = languages(hls.subtitleTracks).indexOf(language);
    },
  };
  hls.loadSource(src);
  hls.attachMedia(video);
  void video.play();
}

/** Runs in the page. */
async function openShaka(src: string): Promise<void> {
  interface Track {
    readonly language: string;
  }
  interface Player {
    attach(video: HTMLVideoElement): Promise<void>;
    load(url: string): Promise<void>;
    addEventListener(type: 'error', listener: (event: { detail?: { code?: number } }) => void): void;
    getAudioTracks(): readonly Track[];
    selectAudioTrack(track: Track): void;
    configure(name: 'abr.enabled', value: boolean): void;
    getTextTracks(): readonly Track[];
    selectTextTrack(track: Track): void;
  }
  const page = window as unknown as { shaka: { Player: new () => Player }; foreign: ForeignPlayer };
  const video = document.querySelector('video') as HTMLVideoElement;
  const player = new page.shaka.Player();
  const errors: string[] = [];
  player.addEventListener('error', ({ detail }) => errors.push(String(detail?.code)));
  const find = (tracks: readonly Track[], language: string) => tracks.find((track) => track.language === language) as Track;
  page.foreign = {
    errors,
    audioLanguages: () => player.getAudioTracks().map(({ language }) => language),
    selectAudio: (language) => {
      // A change of rung in the same moment makes Shaka 5 cancel the new language's init segment and never ask for it again.
      player.configure('abr.enabled', false);
      player.selectAudioTrack(find(player.getAudioTracks(), language));
    },
    textLanguages: () => player.getTextTracks().map(({ language }) => language),
    showText: (language) => player.selectTextTrack(find(player.getTextTracks(), language)),
  };
  await player.attach(video);
  await player.load(src);
  void video.play();
}

/** Runs in the page. */
function openDashJs(src: string): void {
  interface Track {
    readonly lang: string | null;
  }
  interface MediaPlayer {
    initialize(video: HTMLVideoElement, url: string, isAutoPlay: boolean): void;
    on(event: 'error', listener: (event: { error?: { code?: number; message?: string } }) => void): void;
    getTracksFor(type: 'audio' | 'text'): readonly Track[];
    setCurrentTrack(track: Track): void;
    setTextTrack(index: number): void;
  }
  const page = window as unknown as { dashjs: { MediaPlayer(): { create(): MediaPlayer } }; foreign: ForeignPlayer };
  const player = page.dashjs.MediaPlayer().create();
  const errors: string[] = [];
  player.on('error', ({ error }) => errors.push(`${error?.code} ${error?.message}`));
  const languages = (type: 'audio' | 'text') => player.getTracksFor(type).map(({ lang }) => lang ?? '');
  page.foreign = {
    errors,
    audioLanguages: () => languages('audio'),
    selectAudio: (language) => {
      const track = player.getTracksFor('audio').find(({ lang }) => lang === language);
      if (track !== undefined) player.setCurrentTrack(track);
    },
    textLanguages: () => languages('text'),
    showText: (language) => player.setTextTrack(languages('text').indexOf(language)),
  };
  player.initialize(document.querySelector('video') as HTMLVideoElement, src, true);
}

const foreignIn = () => (window as unknown as { foreign: ForeignPlayer }).foreign;

export const playerErrors = (page: Page): Promise<readonly string[]> => page.evaluate(`(${foreignIn})().errors`);
export const audioLanguages = (page: Page): Promise<readonly string[]> => page.evaluate(`(${foreignIn})().audioLanguages()`);
export const textLanguages = (page: Page): Promise<readonly string[]> => page.evaluate(`(${foreignIn})().textLanguages()`);
export const selectAudio = (page: Page, language: string): Promise<void> =>
  page.evaluate(`(${foreignIn})().selectAudio(${JSON.stringify(language)})`);
export const showText = (page: Page, language: string): Promise<void> =>
  page.evaluate(`(${foreignIn})().showText(${JSON.stringify(language)})`);

/** The cues that the page's video shows now. */
export function shownCues(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const tracks = Array.from(document.querySelector('video')?.textTracks ?? []).filter(({ mode }) => mode === 'showing');
    return tracks.flatMap(({ activeCues }) => Array.from(activeCues ?? []).flatMap((cue) => (cue instanceof VTTCue ? [cue.text] : [])));
  });
}

/** Where the page's video began to play, or went on after its last jump; undefined before. Seconds. */
export function startOfPlay(page: Page): Promise<number | undefined> {
  return page.evaluate(() => {
    const played = document.querySelector('video')?.played;
    return played === undefined || played.length === 0 ? undefined : played.start(played.length - 1);
  });
}

/** For the message of a test that waits in vain: where the page's video stands, and why it does not go on. */
export function playbackState(page: Page): Promise<object> {
  return page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const buffered = Array.from({ length: video.buffered.length }, (_, index) => [video.buffered.start(index), video.buffered.end(index)]);
    return { at: video.currentTime, paused: video.paused, ended: video.ended, readyState: video.readyState, buffered };
  });
}

/** Jumps, and resolves to the place of the first picture shown from there. */
export function seek(page: Page, seconds: number): Promise<number> {
  return page.evaluate(async (target) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    return new Promise<number>((resolve) => {
      const look: VideoFrameRequestCallback = (_, { mediaTime }) => {
        if (Math.abs(mediaTime - target) < 0.5) resolve(mediaTime);
        else video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
      video.currentTime = target;
    });
  }, seconds);
}
