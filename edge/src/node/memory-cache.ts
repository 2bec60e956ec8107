import type { ObjectInfo } from '@mediaflow/shared/object-store';
import type { Bytes } from '@mediaflow/shared/signed';
import type { ReadableObject } from '../ports.ts';

export interface WholeObject extends ObjectInfo {
  readonly body: Bytes;
}

export const isWhole = (object: ReadableObject): object is WholeObject => object.body instanceof Uint8Array;

/** What is asked for most often, in one piece each; the least recently used goes first. */
export class MemoryCache {
  readonly #limitBytes: number;
  readonly #objects = new Map<string, WholeObject>();
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get(key: string): WholeObject | undefined {
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    this.#objects.delete(key);
    this.#objects.set(key, object);
    return object;
  }

  set(key: string, object: WholeObject): void {
    // The header of a file read in one piece hangs on to the same memory.
    if (object.body.buffer.byteLength > this.#limitBytes) return;
    this.#drop(key);
    this.#objects.set(key, object);
    this.#usedBytes += object.body.buffer.byteLength;
    for (const oldest of this.#objects.keys()) {
      if (this.#usedBytes <= this.#limitBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#usedBytes -= this.#objects.get(key)?.body.buffer.byteLength ?? 0;
    this.#objects.delete(key);
  }
}
