/** The part of mpd-parser (which has no types) that our tests read. */
declare module 'mpd-parser' {
  interface Segment {
    readonly resolvedUri: string;
    readonly duration: number;
    readonly presentationTime: number;
    readonly map: { readonly resolvedUri: string };
  }
  interface Playlist {
    readonly attributes: {
      readonly NAME: string;
      readonly BANDWIDTH: number;
      readonly RESOLUTION?: { readonly width: number; readonly height: number };
    };
    readonly segments: readonly Segment[];
  }
  interface Manifest {
    readonly duration: number;
    readonly playlists: readonly Playlist[];
    readonly mediaGroups: {
      readonly AUDIO: Readonly<
        Partial<Record<string, Readonly<Record<string, { readonly language: string; readonly playlists: readonly Playlist[] }>>>>
      >;
    };
  }
  export function parse(text: string, options: { readonly manifestUri: string }): Manifest;
}
