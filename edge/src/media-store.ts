import type { MediaLocation, MediaObject } from '@mediaflow/shared/keys';
import type { ObjectInfo } from '@mediaflow/shared/object-store';
import { setBounded } from './bounded-map.ts';
import { Coalescer } from './coalesce.ts';
import { discardBody, exactBody, splitBody } from './object-body.ts';
import type { CachedObject, FoundInfo, MediaCache, ObjectReader, WaitUntil } from './ports.ts';
import type { HasLeft } from './viewer-places.ts';
import { openWhole } from './whole-object.ts';

/**
 * `hit`: from the cache. `joined`: from the cache, after waiting for another request's read. `miss`: from the store.
 * `made`: from the store, which had to be filled first.
 */
export type CacheOutcome = 'hit' | 'joined' | 'miss' | 'made';

export type MediaRead = CachedObject & { readonly outcome: CacheOutcome };
export type MediaInfo = FoundInfo & { readonly outcome: CacheOutcome };

export interface PlacedStore<Place> {
  /**
   * Undefined when the object is not stored. The body must be read or cancelled.
   *
   * @param hasLeft whether the viewer has gone away: what would be made for him alone is not waited for any longer
   */
  read(place: Place, waitUntil: WaitUntil, hasLeft?: HasLeft): Promise<MediaRead | undefined>;
  /** Size and validator without the bytes. */
  inspect(place: Place): Promise<MediaInfo | undefined>;
}

export type MediaStore = PlacedStore<MediaLocation>;

/** Where an object lies, and the name it is kept under: under one name the bytes are always the same. */
export interface ObjectPlace {
  readonly key: string;
  readonly cacheKey: string;
  readonly contentType: string;
  /** Of our own making: its bytes tell whether they are all there. */
  readonly object?: MediaObject;
}

/** Larger objects are streamed and never kept: a customer's whole film in one file would push out what others watch. */
export const MAX_CACHED_BYTES = 64 * 1024 * 1024;

/**
 * The cache in front of the object store. A miss streams the object to the viewer and into the cache at once; requests of this
 * isolate that come meanwhile wait for that and read the cache, so that a popular new segment is read from the store once.
 */
export function createCachedStore(cache: MediaCache, objects: ObjectReader, maxCachedBytes = MAX_CACHED_BYTES): PlacedStore<ObjectPlace> {
  const fills = new Coalescer<'read' | 'absent'>();
  const ends = createEndings();

  const readCache = async ({ cacheKey }: ObjectPlace, outcome: CacheOutcome): Promise<MediaRead | undefined> => {
    const object = await cache.match(cacheKey);
    return object && { ...object, outcome };
  };

  const readStore = async (place: ObjectPlace): Promise<MediaRead | undefined> => {
    const stored = await objects.get(place.key);
    if (stored === undefined) return undefined;
    if (isEmpty(stored)) {
      await discardBody(stored.body);
      return undefined;
    }
    const whole = place.object === undefined ? stored : await openWhole(stored, place.object);
    return whole && { ...whole, outcome: 'miss' };
  };

  /** Hands the viewer's half of the body to `onOpen` and settles when the other half is in the cache, or cannot be. */
  const fill = async (place: ObjectPlace, onOpen: (object: MediaRead) => void): Promise<'read' | 'absent'> => {
    const object = await readStore(place);
    if (object === undefined) return 'absent';
    if (object.sizeBytes > maxCachedBytes) {
      onOpen(exact(object));
      return 'read';
    }
    const [forViewer, forCache] = splitBody(object.body);
    onOpen(exact({ ...object, body: forViewer }));
    await cache.put(place.cacheKey, { ...object, body: forCache }, place.contentType);
    ends.note(place.cacheKey);
    return 'read';
  };

  return {
    async read(place, waitUntil) {
      const before = ends.now();
      const cached = await readCache(place, 'hit');
      if (cached !== undefined) return cached;
      const joined = ends.isAfter(place.cacheKey, before) ? await readCache(place, 'joined') : undefined;
      if (joined !== undefined) return joined;
      const opened = Promise.withResolvers<MediaRead>();
      const filled = fills.run(place.cacheKey, waitUntil, () => fill(place, opened.resolve));
      const result = await Promise.race([opened.promise, filled]);
      if (result === 'absent') return undefined;
      if (result !== 'read') return result;
      const late = await readCache(place, 'joined');
      if (late !== undefined) return late;
      const stored = await readStore(place);
      return stored && exact(stored);
    },

    async inspect(place) {
      const cached = await readCache(place, 'hit');
      if (cached !== undefined) {
        await discardBody(cached.body);
        return cached;
      }
      const info = await objects.head(place.key);
      return info === undefined || isEmpty(info) ? undefined : { ...info, outcome: 'miss' };
    },
  };
}

/** The order in which fills ended. */
interface Endings {
  now(): number;
  note(key: string): void;
  /** Whether a fill has ended since: who looked into the cache too early for it need not go to the store. */
  isAfter(key: string, moment: number): boolean;
}

/** Looking takes milliseconds; who has taken longer than a thousand fills reads once too often. */
const MAX_ENDINGS = 1_000;

function createEndings(): Endings {
  const moments = new Map<string, number>();
  let latest = 0;
  return {
    now: () => latest,
    note(key) {
      latest += 1;
      setBounded(moments, key, latest, MAX_ENDINGS);
    },
    isAfter: (key, moment) => (moments.get(key) ?? 0) > moment,
  };
}

const exact = (object: MediaRead): MediaRead => ({ ...object, body: exactBody(object.body, object.sizeBytes) });

/** No media object is: one that is has lost its bytes, which is an absence, and nothing to keep for a year. */
const isEmpty = ({ sizeBytes }: ObjectInfo): boolean => sizeBytes === 0;
