import type { WaitListener } from './policy.ts';
import type { VideoRendition } from './quality.ts';

/** What an engine tells the player. */
export interface EngineEvents {
  onWait: WaitListener;
  /** The server delivered again after a wait. */
  onDelivered(): void;
  /** Over: `status` is that of the answer that ended it, if one did. */
  onFailed(status: number | undefined): void;
  onRenditions(renditions: readonly VideoRendition[]): void;
  /** Names for a menu, in the engine's order; `current` is the index of the one that is heard. */
  onAudioTracks(names: readonly string[], current: number): void;
  /** Short side of the frames now on screen, in pixels. */
  onLevel(shortSide: number): void;
}

/** Plays one stream in one video element. Subtitles are the element's own text tracks. */
export interface Engine {
  /** Stays on one of the renditions it named, from the next segment on; -1 lets it choose again. */
  selectRendition(index: number): void;
  selectAudioTrack(index: number): void;
  destroy(): void;
}

export type CreateEngine = (video: HTMLVideoElement, src: string, events: EngineEvents) => Engine;

/** MediaSource or Safari's managed one; without either the browser plays HLS itself, or not at all. */
export const hasMediaSource = (): boolean => 'MediaSource' in globalThis || 'ManagedMediaSource' in globalThis;
