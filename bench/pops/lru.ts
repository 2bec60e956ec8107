/** A cache of so many bytes that forgets what was not asked for the longest. */
export class LruCache {
  readonly #entries = new Map<string, number>();
  readonly #capacityBytes: number;
  #bytes = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it was there; it is the youngest then. */
  touch(key: string): boolean {
    const sizeBytes = this.#entries.get(key);
    if (sizeBytes === undefined) return false;
    this.#entries.delete(key);
    this.#entries.set(key, sizeBytes);
    return true;
  }

  /** Keeps an object that is not there; one larger than the whole cache is not kept. */
  add(key: string, sizeBytes: number): void {
    if (sizeBytes > this.#capacityBytes) return;
    this.#entries.set(key, sizeBytes);
    this.#bytes += sizeBytes;
    for (const [oldest, oldestBytes] of this.#entries) {
      if (this.#bytes <= this.#capacityBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= oldestBytes;
    }
  }
}
