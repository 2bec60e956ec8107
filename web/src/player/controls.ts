import 'media-chrome/media-controller';
import 'media-chrome/media-control-bar';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-play-button';
import 'media-chrome/media-time-display';
import 'media-chrome/media-time-range';
import 'media-chrome/media-volume-range';
import 'media-chrome/menu/media-captions-menu';
import 'media-chrome/menu/media-captions-menu-button';
import 'media-chrome/menu/media-playback-rate-menu';
import 'media-chrome/menu/media-playback-rate-menu-button';
import type { ChoiceMenu } from './choice-menu.ts';
import { element } from './element.ts';
import type { QualityMenu } from './quality-menu.ts';

/** The parts of the player that its logic touches. */
export interface PlayerView {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly notice: HTMLElement;
  readonly rate: HTMLElement;
}

/** Builds the player's elements, outside the document: media-chrome must find the video complete when it connects. */
export function buildControls(quality: QualityMenu, audio: ChoiceMenu): PlayerView {
  const video = element('video', { slot: 'media', playsinline: '', preload: 'auto', 'data-testid': 'player-video' }) as HTMLVideoElement;
  const rate = element('span', { slot: 'icon', class: 'player-label' }, '1×');
  const notice = element('div', { class: 'player-notice', role: 'status', 'aria-live': 'polite', 'data-testid': 'player-notice' });

  // Behind the controls, so that they can be read on a bright picture.
  const shade = element('div', { class: 'player-shade' });
  const controller = element('media-controller', { class: 'player-controller' }, video, [
    shade,
    quality.menu,
    audio.menu,
    element('media-captions-menu', { hidden: '', anchor: 'auto', 'data-testid': 'player-captions-menu' }),
    element('media-playback-rate-menu', { hidden: '', anchor: 'auto', rates: '0.5 0.75 1 1.25 1.5 2' }),
    element('media-time-range', { class: 'player-timeline', 'data-testid': 'player-timeline' }),
    element('media-control-bar', { class: 'player-bar' }, [
      element('media-play-button', { 'data-testid': 'player-play' }),
      element('media-mute-button', { 'data-testid': 'player-mute' }),
      element('media-volume-range', { class: 'player-volume' }),
      element('media-time-display', { showduration: '', class: 'player-time' }),
      element('span', { class: 'player-spacer' }),
      element('media-playback-rate-menu-button', { 'data-testid': 'player-rate' }, rate),
      element('media-captions-menu-button', { class: 'player-captions', 'data-testid': 'player-captions' }),
      audio.button,
      quality.button,
      element('media-pip-button', { 'data-testid': 'player-pip' }),
      element('media-fullscreen-button', { 'data-testid': 'player-fullscreen' }),
    ]),
  ]);
  const root = element('div', { class: 'player', 'data-testid': 'player', 'data-state': 'loading' }, controller, notice);
  return { root, video, notice, rate };
}
