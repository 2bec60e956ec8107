/** Less than this of a segment is so little that hls.js takes the cut for a failed append, and waits for the rest. */
const MIN_SECONDS = 0.25;
/** Times of frames are rounded. */
const TOLERANCE_SECONDS = 0.001;
/** Two AAC frames: the first sound of a segment may come up to one after its first picture. */
const SOUND_SECONDS = (2 * 1024) / 48_000;

export interface LastSegment {
  /** Seconds on the player's clock. */
  readonly startSeconds: number;
  /** Undefined where there are no pictures. */
  readonly frameRate: number | undefined;
}

/**
 * How much is taken of a clip's pictures and sound: to the clip's end, though its last segment goes on. Something is always taken of
 * that segment, in slow films at least a picture.
 *
 * @param endSeconds as the playlist states it
 * @returns the ends of the append windows (Media Source Extensions, 3.1) in seconds
 */
export function appendWindowEnds(
  endSeconds: number,
  { startSeconds, frameRate }: LastSegment,
): { readonly video: number; readonly audio: number } {
  const minSeconds = Math.max(MIN_SECONDS, frameRate === undefined ? 0 : 1.5 / frameRate);
  const video = Math.max(endSeconds + TOLERANCE_SECONDS, startSeconds + minSeconds);
  return { video, audio: video + SOUND_SECONDS };
}
