/** White space that is written back as it stood. */
export interface Spacing {
  /** Ahead of the content: a byte order mark, or blanks before a URI. Nothing where absent. */
  readonly lead?: string;
  /** After it, line break included. A plain line feed where absent. */
  readonly end?: string;
}

/** One line of a playlist, with all it takes to write it back unchanged. RFC 8216 section 4.1. */
export type Line = Spacing &
  (
    | { readonly kind: 'tag'; readonly name: string; readonly value?: string }
    | { readonly kind: 'uri'; readonly uri: string }
    | { readonly kind: 'comment'; readonly text: string }
    | { readonly kind: 'blank' }
  );
export type TagLine = Extract<Line, { kind: 'tag' }>;

/**
 * Values raw, quotes included. `before` is what stands ahead of the name where that is not a plain comma, `after` what stands behind
 * the list's last value. RFC 8216 section 4.2.
 */
export type Attribute = readonly [name: string, value: string, before?: string, after?: string];
/** In the order they stand. */
export type AttributeList = readonly Attribute[];

export type Playlist = MultivariantPlaylist | MediaPlaylist;

/** A multivariant playlist: its entries in order, and every line that is none of them where it stood. */
export interface MultivariantPlaylist {
  readonly kind: 'multivariant';
  /** The `EXTM3U` line; a plain one where absent. */
  readonly opening?: Line;
  readonly entries: readonly MultivariantEntry[];
}

export type MultivariantEntry =
  | Variant
  | (Spacing & { readonly kind: 'i-frame-variant'; readonly attributes: AttributeList })
  /** `EXT-X-IMAGE-STREAM-INF`, Roku's: pictures for trick play. */
  | (Spacing & { readonly kind: 'image-variant'; readonly attributes: AttributeList })
  /** `EXT-X-MEDIA`. */
  | (Spacing & { readonly kind: 'media'; readonly attributes: AttributeList })
  | { readonly kind: 'line'; readonly line: Line };

/** `EXT-X-STREAM-INF`, whose spacing this is, and the URI line that follows it. */
export interface Variant extends Spacing {
  readonly kind: 'variant';
  readonly attributes: AttributeList;
  readonly uri: string;
  /** Blank lines and comments between the two. */
  readonly between?: readonly Line[];
  readonly uriSpacing?: Spacing;
}

export interface MediaPlaylist {
  readonly kind: 'media';
  /** The `EXTM3U` line; a plain one where absent. */
  readonly opening?: Line;
  /** Lines before the first segment. */
  readonly header: readonly Line[];
  readonly segments: readonly Segment[];
  /** Lines after the last segment; `EXT-X-ENDLIST` stands here. */
  readonly trailer: readonly Line[];
}

export interface Segment {
  /** As `EXTINF` states it. */
  readonly durationSeconds: number;
  /** All between the previous segment and this one's URI, in order, `EXTINF` among them. */
  readonly lines: readonly Line[];
  readonly uri: string;
  readonly uriSpacing?: Spacing;
}
