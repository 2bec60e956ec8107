/** Whether a filter keeps a thing. What has no such property, as sound has no short side, is not in question. */
export const isKept = <T>(property: T | undefined, kept: ReadonlySet<T>): boolean => property === undefined || kept.has(property);
