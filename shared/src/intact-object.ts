import { hasEnd, isBoxed } from './has-end.ts';
import { type MediaLocation, type MediaObject, mediaKey } from './keys.ts';
import type { ObjectStore } from './object-store.ts';
import { judgeLength, STATED_LENGTH_HEAD_BYTES } from './stated-length.ts';

export interface IntactObject {
  readonly sizeBytes: number;
  /** The first `STATED_LENGTH_HEAD_BYTES` of what consists of boxes; all of anything else, or of what has fewer. */
  readonly head: Uint8Array;
}

/**
 * An object as it is in the store, undefined where it is absent. One that lost bytes, whole or in part, is so as well, and is deleted: whoever
 * makes it anew would leave it as it is (`ifAbsent`).
 */
export async function findIntact(
  store: Pick<ObjectStore, 'head' | 'get' | 'delete'>,
  location: MediaLocation,
): Promise<IntactObject | undefined> {
  const key = mediaKey(location);
  const info = await store.head(key);
  if (info === undefined) return undefined;
  const part = isBoxed(location.object) ? { offset: 0, length: STATED_LENGTH_HEAD_BYTES } : undefined;
  // No object of ours is empty, and of none that is may a part be asked for.
  const stored = info.sizeBytes === 0 ? undefined : await store.get(key, part);
  if (stored !== undefined) {
    const head = new Uint8Array(await new Response(stored.body).arrayBuffer());
    if (isWhole(location.object, head, stored.sizeBytes)) return { sizeBytes: stored.sizeBytes, head };
  }
  await store.delete(key);
  return undefined;
}

const isWhole = (object: MediaObject, head: Uint8Array, sizeBytes: number): boolean =>
  isBoxed(object) ? judgeLength(head, sizeBytes) !== 'wrong' : hasEnd(object, head);
