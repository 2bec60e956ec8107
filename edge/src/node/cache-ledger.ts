interface Entry {
  readonly sizeBytes: number;
  /** Being written: its room is taken, and it cannot be evicted yet. */
  isOpen: boolean;
}

/** Which files a bounded folder holds, in the order of their last use. Pure: the caller does what it is told. */
export class CacheLedger {
  readonly #limitBytes: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Takes room for a file that is going to be written.
   *
   * @returns the files to delete before that, or undefined when the file cannot be had: it is there already, another writer is at
   *   it, or it does not fit
   */
  reserve(name: string, sizeBytes: number): readonly string[] | undefined {
    if (this.#entries.has(name)) return undefined;
    const evicted = this.#chooseEvicted(sizeBytes);
    if (evicted === undefined) return undefined;
    for (const each of evicted) this.remove(each);
    this.#entries.set(name, { sizeBytes, isOpen: true });
    this.#usedBytes += sizeBytes;
    return evicted;
  }

  #chooseEvicted(sizeBytes: number): readonly string[] | undefined {
    const evicted: string[] = [];
    let excessBytes = this.#usedBytes + sizeBytes - this.#limitBytes;
    for (const [name, entry] of this.#entries) {
      if (excessBytes <= 0) break;
      if (entry.isOpen) continue;
      evicted.push(name);
      excessBytes -= entry.sizeBytes;
    }
    return excessBytes <= 0 ? evicted : undefined;
  }

  /** The file of a reservation is there. */
  commit(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) entry.isOpen = false;
  }

  /** The file is not there, or not any more. */
  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#usedBytes -= entry.sizeBytes;
  }

  touch(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
  }
}
