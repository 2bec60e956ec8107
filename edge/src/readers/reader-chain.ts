import type { Clock, FoundInfo, ObjectReader } from '../ports.ts';

/** So long after a failure a reader is asked last: its time-outs are not for every viewer to wait for. */
const REST_MS = 2_000;

/**
 * Readers in order: the first that has the object gives it. One that is out of order is passed over, but what it might have had is not
 * called absent: only when all have answered is nothing there.
 */
export function chainReaders(readers: readonly ObjectReader[], clock: Clock): ObjectReader {
  const restsUntilMs = new Map<ObjectReader, number>();
  const inOrder = (): readonly ObjectReader[] => {
    if (restsUntilMs.size === 0) return readers;
    const isResting = (reader: ObjectReader): boolean => (restsUntilMs.get(reader) ?? 0) > clock.nowMs();
    return [...readers.filter((reader) => !isResting(reader)), ...readers.filter(isResting)];
  };

  const find = async <T extends FoundInfo>(read: (reader: ObjectReader) => Promise<T | undefined>): Promise<T | undefined> => {
    let outage: { readonly error: unknown } | undefined;
    for (const reader of inOrder()) {
      try {
        const found = await read(reader);
        restsUntilMs.delete(reader);
        if (found !== undefined) return { ...found, reader: reader.name };
      } catch (error) {
        outage ??= { error };
        restsUntilMs.set(reader, clock.nowMs() + REST_MS);
      }
    }
    if (outage !== undefined) throw outage.error;
    return undefined;
  };
  return {
    name: readers.map(({ name }) => name).join(),
    head: (key) => find((reader) => reader.head(key)),
    get: (key, range) => find((reader) => reader.get(key, range)),
  };
}
