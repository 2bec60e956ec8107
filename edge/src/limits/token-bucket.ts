/** So many requests at once, refilled evenly over the window. */
export interface RatePolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What is left of a quota at a time. */
export interface Bucket {
  readonly level: number;
  readonly atMs: number;
}

export interface Taken {
  readonly bucket: Bucket;
  readonly isAllowed: boolean;
  /** Whole requests that may follow at once. */
  readonly remaining: number;
  /** Until the quota is whole again; of a refused request, until the next may come. */
  readonly waitMs: number;
}

/** Adding up refills must not lose the last part of a request to rounding. */
const EPSILON = 1e-6;

/** Takes one request from a bucket; undefined is a full one. Pure. A clock that goes back refills nothing. */
export function takeOne(bucket: Bucket | undefined, { quota, windowSeconds }: RatePolicy, nowMs: number): Taken {
  const perMs = quota / (windowSeconds * 1000);
  const atMs = Math.max(nowMs, bucket?.atMs ?? nowMs);
  const level = bucket === undefined ? quota : Math.min(quota, bucket.level + (atMs - bucket.atMs) * perMs);
  if (level + EPSILON < 1) return { bucket: { level, atMs }, isAllowed: false, remaining: 0, waitMs: (1 - level) / perMs };
  const left = Math.max(0, level - 1);
  return { bucket: { level: left, atMs }, isAllowed: true, remaining: Math.floor(left + EPSILON), waitMs: (quota - left) / perMs };
}
