/**
 * What our multivariant playlists tell our own player beside what every player understands: `EXT-X-SESSION-DATA`, of which players ignore
 * what they do not know (RFC 8216, 4.3.4.4).
 */
export const SESSION_DATA = {
  /** `filling` until every segment that the playlist leads to is stored. */
  state: 'com.mediaflow.state',
  /** Where a clip ends, in seconds from its first picture. HLS itself ends with a segment. */
  clipEnd: 'com.mediaflow.clip-end',
} as const;
