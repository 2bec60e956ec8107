/** Consecutive segments. */
export interface Span {
  readonly firstSegment: number;
  readonly segmentCount: number;
}

/** Segments 0 to `count - 1`, in runs of `size`; the last may be shorter. */
export function cutEvenly(count: number, size: number): readonly Span[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
    const firstSegment = index * size;
    return { firstSegment, segmentCount: Math.min(size, count - firstSegment) };
  });
}

/**
 * What a run of so many segments costs beside its pictures, in seconds of decoding: two segments are the rule, one starts a process for
 * little, and three lose more to a kill and keep more encoders open.
 */
const SIZE_COSTS: ReadonlyMap<number, number> = new Map([
  [1, 0.5],
  [2, 0],
  [3, 0.5],
]);
/**
 * Towards the end of a film runs get shorter, so that all workers come to the end together: of those that begin among the last so many
 * segments none is longer than so many. In a simulation with measured costs, of films of 40 to 300 s with keyframes up to 9 s apart, two
 * workers take 0.51 of one's time and 0.55 at worst; with runs of two to the end 0.51 and 0.60.
 */
const END_SIZES: readonly { readonly among: number; readonly longest: number }[] = [
  { among: 6, longest: 2 },
  { among: 3, longest: 1 },
];

/**
 * Runs of one to three segments that begin where a decoder can: before a run's first picture, everything back to a keyframe is decoded
 * for nothing. Of all ways to cut the film, the one that decodes least.
 *
 * @param leads by segment: seconds from the keyframe that is decoded first to the segment's start
 */
export function cutAtKeyframes(leads: readonly number[]): readonly Span[] {
  const count = leads.length;
  /** The cheapest way to cut the segments before each: what it costs, and the length of its last run. */
  const best: { cost: number; size: number }[] = [{ cost: 0, size: 0 }];
  for (let end = 1; end <= count; end += 1) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, size: 0 };
    for (const [size, sizeCost] of SIZE_COSTS) {
      const first = end - size;
      if (first < 0 || END_SIZES.some(({ among, longest }) => size > longest && first >= count - among)) continue;
      const cost = (best[first]?.cost ?? 0) + (leads[first] ?? 0) + sizeCost;
      if (cost < cheapest.cost) cheapest = { cost, size };
    }
    best.push(cheapest);
  }
  const spans: Span[] = [];
  for (let end = count; end > 0; ) {
    const segmentCount = best[end]?.size ?? 1;
    end -= segmentCount;
    spans.push({ firstSegment: end, segmentCount });
  }
  return spans.reverse();
}
