import { createAudioMenu } from './audio-menu.ts';
import { buildControls, type PlayerView } from './controls.ts';
import { type CreateEngine, type Engine, type EngineEvents, hasMediaSource } from './engine.ts';
import { createHlsEngine } from './hls-engine.ts';
import { createNativeEngine } from './native-engine.ts';
import { AUTO, qualityChoices, qualityLabel, type VideoRendition } from './quality.ts';
import { createQualityMenu } from './quality-menu.ts';
import { sentenceForFailure, sentenceForWait, stateOf } from './status.ts';

export interface PlayerOptions {
  /** The multivariant playlist, with its token if it needs one. */
  readonly src: string;
  readonly onRenditions?: (renditions: readonly VideoRendition[]) => void;
}

export interface Player {
  /** A picture to show until the first frame is there. */
  setPoster(url: string): void;
  destroy(): void;
}

const WATCHED_EVENTS = ['play', 'pause', 'playing', 'waiting', 'ended', 'seeking', 'seeked', 'loadeddata', 'canplay', 'emptied'] as const;

/** Puts a player into `container`. Its wrapper tells its state in `data-state`, `data-level` (short side) and `data-error`. */
export function mountPlayer(container: HTMLElement, options: PlayerOptions): Player {
  const quality = createQualityMenu(selectRendition);
  const audio = createAudioMenu((index) => engine?.selectAudioTrack(index));
  const view = buildControls(quality, audio);
  const { root, video } = view;
  let engine: Engine | undefined;
  let waitStatus: number | undefined;
  let failure: { status: number | undefined } | undefined;
  let isAuto = true;
  let shortSide: number | undefined;

  const events: EngineEvents = {
    onWait(status) {
      waitStatus = status;
      show();
    },
    onDelivered() {
      waitStatus = undefined;
      show();
    },
    onFailed(status) {
      failure = { status };
      show();
    },
    onRenditions(renditions) {
      quality.setChoices(qualityChoices(renditions), AUTO.index);
      options.onRenditions?.(renditions);
    },
    onAudioTracks(names, current) {
      audio.setChoices(
        names.map((label, index) => ({ index, label })),
        current,
      );
    },
    onLevel(side) {
      shortSide = side;
      show();
    },
  };

  function selectRendition(index: number): void {
    isAuto = index === AUTO.index;
    engine?.selectRendition(index);
    show();
  }

  function show(): void {
    const { ended, paused, readyState } = video;
    const isWaiting = waitStatus !== undefined;
    const state = stateOf({ hasError: failure !== undefined, isEnded: ended, isPaused: paused, readyState, isWaiting });
    root.dataset.state = state;
    if (shortSide !== undefined) root.dataset.level = String(shortSide);
    quality.setLabel(qualityLabel({ isAuto, shortSide }));
    setText(view.rate, `${video.playbackRate}×`);
    showNotice(view, state === 'preparing' ? sentenceForWait(waitStatus) : '', failure);
  }

  for (const event of WATCHED_EVENTS) video.addEventListener(event, show);
  video.addEventListener('ratechange', show);

  const createEngine = chooseEngine(video);
  if (createEngine === undefined) events.onFailed(undefined);
  else engine = createEngine(video, options.src, events);
  container.replaceChildren(root);

  return {
    setPoster(url) {
      video.poster = url;
    },
    destroy() {
      engine?.destroy();
      root.remove();
    },
  };
}

function chooseEngine(video: HTMLVideoElement): CreateEngine | undefined {
  if (hasMediaSource()) return createHlsEngine;
  return video.canPlayType('application/vnd.apple.mpegurl') === '' ? undefined : createNativeEngine;
}

function showNotice({ root, notice }: PlayerView, wait: string, failure: { status: number | undefined } | undefined): void {
  if (failure !== undefined) {
    root.dataset.error = String(failure.status ?? 'unsupported');
    notice.setAttribute('role', 'alert');
    setText(notice, sentenceForFailure(failure.status));
  } else {
    setText(notice, wait);
  }
}

/** A live region speaks on every write, so an unchanged text is not written again. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
