import type { VideoStream } from '@mediaflow/shared/source';

/**
 * Brings decoded pictures to the pixel format `format`, in video range, and labels them. Left alone, every segment has the labels
 * of its own first picture, which a broadcast changes on the way, and RGB becomes BT.601 that nobody says is BT.601.
 */
export function colourFilters({ colour }: VideoStream, format: string): readonly string[] {
  if (colour === undefined) return [`format=${format}`];
  const { matrix, primaries, transfer, isRgb, isFullRange } = colour;
  // The scaler knows both kinds of BT.2020 by one name.
  const toMatrix = isRgb ? `:out_color_matrix=${matrix.replace(/^bt2020n?c$/, 'bt2020')}` : '';
  return [
    ...(isRgb || isFullRange ? [`scale=out_range=tv${toMatrix}`] : []),
    `format=${format}`,
    `setparams=range=tv:colorspace=${matrix}:color_primaries=${primaries}:color_trc=${transfer}`,
  ];
}
