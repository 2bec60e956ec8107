/** What the wrapper's `data-state` says. */
export type PlayerState = 'loading' | 'preparing' | 'playing' | 'paused' | 'ended' | 'error';

export interface PlaybackSnapshot {
  readonly hasError: boolean;
  readonly isEnded: boolean;
  readonly isPaused: boolean;
  /** `HTMLMediaElement.readyState`. */
  readonly readyState: number;
  /** The server said "not yet" to the last request. */
  readonly isWaiting: boolean;
}

const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;

/** The first that holds. A "not yet" for something far ahead of the picture is no state of the player. */
export function stateOf(snapshot: PlaybackSnapshot): PlayerState {
  if (snapshot.hasError) return 'error';
  if (snapshot.isEnded) return 'ended';
  const isStarved = snapshot.readyState < (snapshot.isPaused ? HAVE_CURRENT_DATA : HAVE_FUTURE_DATA);
  if (isStarved) return snapshot.isWaiting ? 'preparing' : 'loading';
  return snapshot.isPaused ? 'paused' : 'playing';
}

/** Says in words what is waited for. `status` is that of the last answer, 0 when the network gave none. */
export const sentenceForWait = (status: number | undefined): string =>
  status === 0 ? 'No answer from the server. Trying again…' : 'Preparing this part…';

/** Says in words why playback cannot go on. `status` is the answer to the last request, when there was one. */
export function sentenceForFailure(status: number | undefined): string {
  switch (status) {
    case 400:
      return 'This is not the address of a video.';
    case 403:
      return 'This link does not open this video: its token is missing, has expired, or belongs to another one. Ask for a new link.';
    case 404:
      return 'There is no such video. It may have been deleted.';
    case 410:
      return 'This video has been deleted.';
    case 412:
    case 503:
      return 'This video is still being prepared. Come back in a few minutes.';
    case undefined:
      return 'This browser cannot play this video.';
    default:
      return 'The video could not be loaded. Check the connection, then reload the page.';
  }
}
