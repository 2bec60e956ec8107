/** What a URI of a playlist leads to. */
export type UriRole =
  /** Another playlist. */
  | 'playlist'
  /** Media bytes: a segment, a part of one, an init segment. */
  | 'media'
  | 'key'
  /** Something else that the tag describes: JSON, a list of assets, a steering manifest. */
  | 'data'
  /** `URI` of a tag that this table does not know. */
  | 'unknown';

/** Every tag of draft-pantos-hls-rfc8216bis that carries URIs, and in which attributes; and Roku's tag for pictures. */
export const URI_ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, UriRole>>>> = {
  'EXT-X-I-FRAME-STREAM-INF': { URI: 'playlist' },
  'EXT-X-IMAGE-STREAM-INF': { URI: 'playlist' },
  'EXT-X-MEDIA': { URI: 'playlist' },
  'EXT-X-RENDITION-REPORT': { URI: 'playlist' },
  'EXT-X-MAP': { URI: 'media' },
  'EXT-X-PART': { URI: 'media' },
  'EXT-X-PRELOAD-HINT': { URI: 'media' },
  'EXT-X-KEY': { URI: 'key' },
  'EXT-X-SESSION-KEY': { URI: 'key' },
  'EXT-X-SESSION-DATA': { URI: 'data' },
  'EXT-X-CONTENT-STEERING': { 'SERVER-URI': 'data' },
  'EXT-X-DATERANGE': { 'X-ASSET-URI': 'playlist', 'X-ASSET-LIST': 'data' },
};
