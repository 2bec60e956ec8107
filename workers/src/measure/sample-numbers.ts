/** At most `count` of the segments 0 to `segmentCount - 1`, each from the middle of an equal part of the film. */
export function sampleNumbers(segmentCount: number, count: number): readonly number[] {
  const taken = Math.min(count, segmentCount);
  return Array.from({ length: taken }, (_, index) => Math.floor(((index + 0.5) * segmentCount) / taken));
}
