/**
 * A key that stands twice in a query: who checks may read the one and who acts the other. Lists are written `key[]`. Pure.
 */
export function findRepeatedKey(query: URLSearchParams): string | undefined {
  const seen = new Set<string>();
  for (const key of query.keys()) {
    if (seen.has(key) && !key.endsWith('[]')) return key;
    seen.add(key);
  }
  return undefined;
}
