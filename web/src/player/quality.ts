import type { Choice } from './choice-menu.ts';

/** One video output of the stream, as the engine lists it. */
export interface VideoRendition {
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
}

/** The engine chooses. */
export const AUTO: Choice = { index: -1, label: 'Auto' };

/** A rung is named by its short side: portrait 1080x1920 is 1080p. */
export const shortSideOf = ({ width, height }: { width: number; height: number }): number => Math.min(width, height);

/** The menu's rows from sharp to coarse, automatic last; the bit rate is named where the size alone does not tell two apart. */
export function qualityChoices(renditions: readonly VideoRendition[]): readonly Choice[] {
  const rows = renditions.map((rendition, index) => ({ rendition, index }));
  rows.sort((a, b) => shortSideOf(b.rendition) - shortSideOf(a.rendition) || b.rendition.bitrateBps - a.rendition.bitrateBps);
  const choices = rows.map(({ rendition, index }) => {
    const side = shortSideOf(rendition);
    const isAlone = renditions.filter((other) => shortSideOf(other) === side).length === 1;
    return { index, label: isAlone ? `${side}p` : `${side}p (${(rendition.bitrateBps / 1e6).toFixed(1)} Mbit/s)` };
  });
  return [...choices, AUTO];
}

/** `Auto · 720p`, `720p` when chosen by hand, `Auto` before the first frame. */
export function qualityLabel(options: { isAuto: boolean; shortSide: number | undefined }): string {
  const rung = options.shortSide === undefined ? undefined : `${options.shortSide}p`;
  return [options.isAuto ? AUTO.label : undefined, rung].filter((part) => part !== undefined).join(' · ');
}
