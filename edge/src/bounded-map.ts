/** Sets an entry as the newest one and lets go of the oldest: keys come from requests, so a map of them must have an end. */
export function setBounded<Value>(map: Map<string, Value>, key: string, value: Value, maxEntries: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maxEntries) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
