import type { VideoCodec } from './rendition.ts';

/** What decides the level that a decoder must support. */
export interface CodedPicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly maxBitrateBps: number;
}

export interface CodecLevel {
  /** As the standard names it: `4.0`. */
  readonly level: string;
  /** RFC 6381: the codec with its profile and level, as a playlist states it. */
  readonly codecs: string;
}

/** The lowest level that holds the picture; the codec's highest where none does. */
export function codecLevel(codec: VideoCodec, picture: CodedPicture): CodecLevel {
  switch (codec) {
    case 'h264':
      return h264Level(picture);
    case 'hevc':
      return hevcLevel(picture);
    case 'av1':
      return av1Level(picture);
  }
}

/** H.264 table A-1 for High profile: macroblocks a second and a frame, kbit/s (1.25 x the Baseline rate). */
const H264_LEVELS = [
  ['2.1', 19_800, 792, 5_000],
  ['3.0', 40_500, 1_620, 12_500],
  ['3.1', 108_000, 3_600, 17_500],
  ['3.2', 216_000, 5_120, 25_000],
  ['4.0', 245_760, 8_192, 25_000],
  ['4.2', 522_240, 8_704, 62_500],
  ['5.0', 589_824, 22_080, 168_750],
  ['5.1', 983_040, 36_864, 300_000],
  ['5.2', 2_073_600, 36_864, 300_000],
  ['6.2', 16_711_680, 139_264, 1_000_000],
] as const;

function h264Level({ width, height, framesPerSecond, maxBitrateBps }: CodedPicture): CodecLevel {
  const [columns, rows] = [Math.ceil(width / 16), Math.ceil(height / 16)];
  const macroblocks = columns * rows;
  const level = lowest(
    H264_LEVELS,
    ([, maxPerSecond, maxPerFrame, maxKbps]) =>
      macroblocks * framesPerSecond <= maxPerSecond &&
      macroblocks <= maxPerFrame &&
      // Table A-1 also bounds each side, which extreme aspect ratios reach first.
      Math.max(columns, rows) <= Math.sqrt(8 * maxPerFrame) &&
      maxBitrateBps <= maxKbps * 1000,
  );
  return { level, codecs: `avc1.6400${(levelNumber(level) % 256).toString(16).padStart(2, '0')}` };
}

/** H.265 tables A.8 and A.9, main tier: luma samples a frame and a second, kbit/s. */
const HEVC_LEVELS = [
  ['2.0', 122_880, 3_686_400, 1_500],
  ['2.1', 245_760, 7_372_800, 3_000],
  ['3.0', 552_960, 16_588_800, 6_000],
  ['3.1', 983_040, 33_177_600, 10_000],
  ['4.0', 2_228_224, 66_846_720, 12_000],
  ['4.1', 2_228_224, 133_693_440, 20_000],
  ['5.0', 8_912_896, 267_386_880, 25_000],
  ['5.1', 8_912_896, 534_773_760, 40_000],
  ['5.2', 8_912_896, 1_069_547_520, 60_000],
  ['6.0', 35_651_584, 1_069_547_520, 60_000],
  ['6.1', 35_651_584, 2_139_095_040, 120_000],
  ['6.2', 35_651_584, 4_278_190_080, 240_000],
] as const;

/** x265 codes in whole blocks of this many samples a side, and levels count those. */
const HEVC_MIN_BLOCK = 8;

function hevcLevel({ width, height, framesPerSecond, maxBitrateBps }: CodedPicture): CodecLevel {
  const [codedWidth, codedHeight] = [width, height].map((side) => Math.ceil(side / HEVC_MIN_BLOCK) * HEVC_MIN_BLOCK) as [number, number];
  const samples = codedWidth * codedHeight;
  const level = lowest(
    HEVC_LEVELS,
    ([, maxSamples, maxRate, maxKbps]) =>
      samples <= maxSamples &&
      samples * framesPerSecond <= maxRate &&
      Math.max(codedWidth, codedHeight) <= Math.sqrt(8 * maxSamples) &&
      maxBitrateBps <= maxKbps * 1000,
  );
  // ISO/IEC 14496-15 annex E: profile Main, its compatibility bits reversed, main tier, level x 30; then the first byte
  // of the constraints: progressive, frames only, as x265 writes them.
  return { level, codecs: `hvc1.1.6.L${levelNumber(level) * 3}.90` };
}

/** AV1 annex A.3, main tier: samples a frame, longest width and height, samples shown a second, kbit/s. */
const AV1_LEVELS = [
  ['2.0', 147_456, 2_048, 1_152, 4_423_680, 1_500],
  ['2.1', 278_784, 2_816, 1_584, 8_363_520, 3_000],
  ['3.0', 665_856, 4_352, 2_448, 19_975_680, 6_000],
  ['3.1', 1_065_024, 5_504, 3_096, 31_950_720, 10_000],
  ['4.0', 2_359_296, 6_144, 3_456, 70_778_880, 12_000],
  ['4.1', 2_359_296, 6_144, 3_456, 141_557_760, 20_000],
  ['5.0', 8_912_896, 8_192, 4_352, 267_386_880, 30_000],
  ['5.1', 8_912_896, 8_192, 4_352, 534_773_760, 40_000],
  ['5.2', 8_912_896, 8_192, 4_352, 1_069_547_520, 60_000],
  ['6.0', 35_651_584, 16_384, 8_704, 1_069_547_520, 60_000],
  ['6.1', 35_651_584, 16_384, 8_704, 2_139_095_040, 100_000],
  ['6.2', 35_651_584, 16_384, 8_704, 4_278_190_080, 160_000],
] as const;

function av1Level({ width, height, framesPerSecond, maxBitrateBps }: CodedPicture): CodecLevel {
  const level = lowest(
    AV1_LEVELS,
    ([, maxSamples, maxWidth, maxHeight, maxRate, maxKbps]) =>
      width * height <= maxSamples &&
      width <= maxWidth &&
      height <= maxHeight &&
      width * height * framesPerSecond <= maxRate &&
      maxBitrateBps <= maxKbps * 1000,
  );
  // seq_level_idx (annex A.3): four to each major level, from 2.0 on. Main profile, main tier, 8 bits a sample.
  const [major, minor] = level.split('.').map(Number) as [number, number];
  return { level, codecs: `av01.0.${String((major - 2) * 4 + minor).padStart(2, '0')}M.08` };
}

/** `4.1` as 41. */
export const levelNumber = (level: string): number => Number(level.replace('.', ''));

type Level = readonly [name: string, ...limits: readonly number[]];

function lowest<L extends Level>(levels: readonly L[], holds: (level: L) => boolean): string {
  const level = levels.find(holds) ?? levels.at(-1);
  if (level === undefined) throw new TypeError('a table of levels is empty');
  return level[0];
}
