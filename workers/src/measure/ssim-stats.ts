/** SSIM of each picture over luma and chroma, weighted as ffmpeg's `ssim` filter does, in the order shown. */
export function parseSsimStats(text: string): readonly number[] {
  return Array.from(text.matchAll(/^n:\d+ .*\bAll:([\d.]+)/gm), (match) => Number(match[1]));
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
