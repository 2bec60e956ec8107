/** Of `a/b/c.ts`: `a/` and `a/b/`. */
export function parentPrefixes(key: string): readonly string[] {
  return Array.from(key.matchAll(/\//g), ({ index }) => key.slice(0, index + 1));
}
