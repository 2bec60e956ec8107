import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { VideoStream } from '@mediaflow/shared/source';
import { colourFilters } from './colour-filters.ts';

/**
 * HDR to BT.709. mobius leaves mid tones as they are and bends highlights alone: mean luma stays within 13 % of the SDR
 * original, whether its white was put at 100 or at 203 cd/m2 (ITU-R BT.2408), where hable loses 37 and 21 %. One thread:
 * with more, zscale cuts pictures into slices and rounds at their borders, and a segment's bytes would depend on the number.
 */
export const TONE_MAP =
  'zscale=threads=1:transfer=linear:npl=100,format=gbrpf32le,zscale=threads=1:primaries=bt709,tonemap=mobius:desat=0,' +
  'zscale=threads=1:transfer=bt709:matrix=bt709:range=tv';

/** A rendition, and the name of the filter pad that delivers its pictures. */
export interface ScaledOutput {
  readonly rendition: VideoRendition;
  readonly pad: string;
}

export interface ScaleInput {
  /** What yields the pictures in the source's size: `[in0]trim=...`. */
  readonly head: string;
  /** Makes the names of pads in between unique within the graph. */
  readonly prefix: string;
}

/**
 * Scales pictures to several renditions by way of halves: the source, half of it, a quarter, and each rendition from the
 * smallest of these that is not smaller than itself. That costs little more than scaling each rendition from the next
 * larger one (2 % of a whole encode less than scaling each from the source), and yet a rendition's pictures depend
 * on the source and its own size alone, so that a segment is the same whichever other rungs are made beside it. Formats
 * are forced at every step for the same reason: left alone, ffmpeg negotiates them over the whole graph.
 */
export function scaleFilters(video: VideoStream, input: ScaleInput, outputs: readonly ScaledOutput[]): readonly string[] {
  const levels = Map.groupBy(outputs, ({ rendition }) => levelOf(video, rendition));
  const deepest = Math.max(...levels.keys());
  return Array.from({ length: deepest + 1 }, (_, level) => {
    const members = levels.get(level) ?? [];
    const own = members.length > 0 ? [`[${input.prefix}m${level}]`] : [];
    const below = level < deepest ? [`[${input.prefix}l${level + 1}]`] : [];
    const format = video.isHdr ? 'yuv420p10le' : 'yuv420p';
    const head =
      level === 0
        ? [input.head, ...colourFilters(video, format)]
        : [`[${input.prefix}l${level}]${halve(video, level)}`, `format=${format}`];
    const whole = `${head.join(',')}${splitTo([...own, ...below])}`;
    return own.length === 0 ? [whole] : [whole, ...memberFilters(video, own[0] ?? '', `${input.prefix}s${level}`, members)];
  }).flat();
}

/** The renditions of one level; tone-mapped once, where the pictures are as small as they may be. */
function memberFilters(video: VideoStream, from: string, prefix: string, members: readonly ScaledOutput[]): readonly string[] {
  const pads = members.map((_, index) => `[${prefix}_${index}]`);
  const shared = `${from}${video.isHdr ? `${TONE_MAP},format=yuv420p` : 'null'}${splitTo(pads)}`;
  const scalers = members.map(
    ({ rendition, pad }, index) => `${pads[index]}scale=${rendition.width}:${rendition.height},setsar=1,format=yuv420p[${pad}]`,
  );
  return [shared, ...scalers];
}

const splitTo = (pads: readonly string[]): string => `${pads.length > 1 ? `,split=${pads.length}` : ''}${pads.join('')}`;

function halve(video: VideoStream, level: number): string {
  const { width, height } = levelSize(video, level);
  return `scale=${width}:${height}`;
}

/** How often the source may be halved and still be no smaller than the rendition. */
export function levelOf(video: VideoStream, { width, height }: VideoRendition): number {
  // A picture of two by two stays one however often it is halved.
  const deepest = Math.floor(Math.log2(Math.max(video.width, video.height)));
  let level = 0;
  for (let size = levelSize(video, 1); level < deepest && size.width >= width && size.height >= height; size = levelSize(video, level + 1))
    level += 1;
  return level;
}

function levelSize({ width, height }: VideoStream, level: number): { readonly width: number; readonly height: number } {
  const halved = (side: number): number => Math.max(2, 2 * Math.round(side / 2 ** (level + 1)));
  return { width: halved(width), height: halved(height) };
}
