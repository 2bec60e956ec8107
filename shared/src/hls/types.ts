/** One line of a playlist, with all it takes to write it back unchanged. RFC 8216 section 4.1. */
export type Line =
  | { readonly kind: 'tag'; readonly name: string; readonly value?: string }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' };

/** Attributes in the order they stand; values raw, quotes included. RFC 8216 section 4.2. */
export type AttributeList = readonly (readonly [name: string, value: string])[];

/** A multivariant playlist: its entries in order, and every line that is none of them where it stood. */
export interface MultivariantPlaylist {
  readonly kind: 'multivariant';
  readonly entries: readonly MultivariantEntry[];
}

export type MultivariantEntry =
  /** `EXT-X-STREAM-INF` and the URI line that follows it. */
  | { readonly kind: 'variant'; readonly attributes: AttributeList; readonly uri: string }
  | { readonly kind: 'i-frame-variant'; readonly attributes: AttributeList }
  /** `EXT-X-MEDIA`. */
  | { readonly kind: 'media'; readonly attributes: AttributeList }
  | { readonly kind: 'line'; readonly line: Line };

export interface MediaPlaylist {
  readonly kind: 'media';
  /** Lines before the first segment, except `EXTM3U`. */
  readonly header: readonly Line[];
  readonly segments: readonly Segment[];
  /** Lines after the last segment; `EXT-X-ENDLIST` stands here. */
  readonly trailer: readonly Line[];
}

export interface Segment {
  readonly durationSeconds: number;
  readonly title: string;
  readonly uri: string;
  /** Tags between the previous segment and this one's URI other than `EXTINF`, in order. */
  readonly tags: readonly Line[];
}
