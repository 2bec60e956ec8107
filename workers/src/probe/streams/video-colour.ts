import type { VideoColour } from '@mediaflow/shared/source';

/** A picture track's own account of its colours, in the words of ffprobe. */
export interface ProbedColour {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly pix_fmt?: string | undefined;
  readonly color_range?: string | undefined;
  readonly color_space?: string | undefined;
  readonly color_primaries?: string | undefined;
  readonly color_transfer?: string | undefined;
}

/** Names that ffprobe and the filter `setparams` share. `gbr` is none: what we make is no RGB. */
const MATRICES = ['bt709', 'fcc', 'bt470bg', 'smpte170m', 'smpte240m', 'ycgco', 'bt2020nc', 'bt2020c'];
const PRIMARIES = ['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film', 'bt2020', 'smpte428', 'smpte431', 'smpte432'];
const TRANSFERS = [
  ...['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'linear', 'iec61966-2-4', 'iec61966-2-1', 'bt2020-10', 'bt2020-12'],
  ...['smpte2084', 'arib-std-b67'],
];

const RGB_FORMAT = /^(?:gbr|rgb|bgr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8)/;

/** Players guess at colours that nobody states, and guess otherwise for small pictures than for large ones; so all are stated. */
export function colourOf(stream: ProbedColour, { isHdr }: { readonly isHdr: boolean }): VideoColour {
  const isRgb = RGB_FORMAT.test(stream.pix_fmt ?? '');
  const usual = isHdr ? 'bt2020nc' : isRgb ? 'bt709' : usualMatrix(stream);
  const matrix = isRgb ? usual : known(MATRICES, stream.color_space, usual);
  return {
    matrix,
    primaries: known(PRIMARIES, stream.color_primaries, PRIMARIES_OF[matrix] ?? 'bt709'),
    transfer: known(TRANSFERS, stream.color_transfer, 'bt709'),
    ...(isRgb && { isRgb }),
    ...(stream.color_range === 'pc' && { isFullRange: true }),
  };
}

const known = (names: readonly string[], name: string | undefined, otherwise: string): string =>
  name !== undefined && names.includes(name) ? name : otherwise;

const PRIMARIES_OF: Readonly<Record<string, string>> = {
  bt470bg: 'bt470bg',
  smpte170m: 'smpte170m',
  smpte240m: 'smpte240m',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};

/** BT.709 for pictures larger than standard television has them, as mpv takes them; the systems of 625 and 525 lines below. */
function usualMatrix({ width = 0, height = 0 }: ProbedColour): string {
  if (Math.max(width, height) >= 1280 || Math.min(width, height) > 576) return 'bt709';
  return height === 576 || height === 288 ? 'bt470bg' : 'smpte170m';
}
