const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Pauses, seeks back and a second look; after it the player must come back with a token. */
const SLACK_SECONDS = 4 * HOUR_SECONDS;
/** Longer films are not taken in (12 hours at most, `workers/src/probe/limits.ts`), but existing playlists may claim anything. */
const MAX_LENGTH_SECONDS = DAY_SECONDS;
/** Of a token that is good for years only so much counts; as long as the longest that the installation itself issues. */
const MAX_TOKEN_SECONDS = 7 * DAY_SECONDS;

/** Longest a session can last after the moment it was opened. */
const MAX_SESSION_SECONDS = MAX_TOKEN_SECONDS + MAX_LENGTH_SECONDS + SLACK_SECONDS;

/**
 * How long a revocation of something that is gone must be kept: until no session can be alive that it is about. The day more is for clocks
 * that differ, and for an edge that is cut off from the origin and goes on opening sessions by what it knew.
 */
export const REVOCATION_LIFE_SECONDS = MAX_SESSION_SECONDS + DAY_SECONDS;

/**
 * When a session ends that is opened now: the token's end, plus the film's length, plus slack. The token is looked at only once, so
 * a viewer who starts in its last second, or pauses for as long as it was good, still sees the end.
 *
 * @param tokenExpiresAt undefined where no token was needed
 * @returns all in Unix seconds
 */
export function sessionExpiry(now: number, lengthMs: number, tokenExpiresAt = now): number {
  const tokenEnd = Math.min(Math.max(tokenExpiresAt, now), now + MAX_TOKEN_SECONDS);
  return Math.floor(tokenEnd) + Math.min(Math.ceil(lengthMs / 1000), MAX_LENGTH_SECONDS) + SLACK_SECONDS;
}
