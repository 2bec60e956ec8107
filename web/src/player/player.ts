import { buildControls, type PlayerView } from './controls.ts';
import { type CreateEngine, type Engine, type EngineEvents, hasMediaSource } from './engine.ts';
import { createNativeEngine } from './native-engine.ts';
import { qualityChoices, qualityLabel, type VideoRendition } from './quality.ts';
import { createQualityMenu } from './quality-menu.ts';
import { sentenceForFailure, stateOf } from './status.ts';

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
  const quality = createQualityMenu(select);
  const view = buildControls(quality);
  const { root, video } = view;
  let engine: Engine | undefined;
  let isWaiting = false;
  let failure: { status: number | undefined } | undefined;
  let isAuto = true;
  let shortSide: number | undefined;
  let isDestroyed = false;

  const events: EngineEvents = {
    onWait() {
      isWaiting = true;
      show();
    },
    onDelivered() {
      isWaiting = false;
      show();
    },
    onFailed(status) {
      failure = { status };
      show();
    },
    onRenditions(renditions) {
      quality.setChoices(qualityChoices(renditions));
      options.onRenditions?.(renditions);
    },
    onLevel(side) {
      shortSide = side;
      show();
    },
  };

  function select(index: number): void {
    isAuto = index === -1;
    engine?.select(index);
    show();
  }

  function show(): void {
    const { ended, paused, readyState } = video;
    const state = stateOf({ hasError: failure !== undefined, isEnded: ended, isPaused: paused, readyState, isWaiting });
    root.dataset.state = state;
    if (shortSide !== undefined) root.dataset.level = String(shortSide);
    quality.setLabel(qualityLabel({ isAuto, shortSide }));
    setText(view.rate, `${video.playbackRate}×`);
    showNotice(view, state === 'preparing', failure);
  }

  for (const event of WATCHED_EVENTS) video.addEventListener(event, show);
  video.addEventListener('ratechange', show);

  function attach(createEngine: CreateEngine | undefined): void {
    if (isDestroyed) return;
    if (createEngine === undefined) events.onFailed(undefined);
    else engine = createEngine(video, options.src, events);
    container.replaceChildren(root);
  }

  loadEngine().then(attach, () => {
    events.onFailed(0);
    container.replaceChildren(root);
  });

  return {
    setPoster(url) {
      video.poster = url;
    },
    destroy() {
      isDestroyed = true;
      engine?.destroy();
      root.remove();
    },
  };
}

/** hls.js is fetched only where it can run. */
async function loadEngine(): Promise<CreateEngine | undefined> {
  if (hasMediaSource()) return (await import('./hls-engine.ts')).createHlsEngine;
  const video = document.createElement('video');
  return video.canPlayType('application/vnd.apple.mpegurl') === '' ? undefined : createNativeEngine;
}

function showNotice({ root, notice }: PlayerView, isPreparing: boolean, failure: { status: number | undefined } | undefined): void {
  if (failure !== undefined) {
    root.dataset.error = String(failure.status ?? 'unsupported');
    notice.setAttribute('role', 'alert');
    setText(notice, sentenceForFailure(failure.status));
  } else {
    setText(notice, isPreparing ? 'Preparing this part…' : '');
  }
}

/** A live region speaks on every write, so an unchanged text is not written again. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
