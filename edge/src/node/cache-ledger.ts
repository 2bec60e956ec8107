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
   * Takes room for a file that is going to be written, in the place of one of that name: who writes it has not found it.
   *
   * @returns the files to delete before that, or undefined when it cannot be: another writer is at it, or it does not fit
   */
  reserve(name: string, sizeBytes: number): readonly string[] | undefined {
    if (this.#entries.get(name)?.isOpen) return undefined;
    const evicted = this.#chooseEvicted(name, sizeBytes);
    if (evicted === undefined) return undefined;
    this.remove(name);
    for (const each of evicted) this.remove(each);
    this.#entries.set(name, { sizeBytes, isOpen: true });
    this.#usedBytes += sizeBytes;
    return evicted;
  }

  #chooseEvicted(name: string, sizeBytes: number): readonly string[] | undefined {
    const evicted: string[] = [];
    let excessBytes = this.#usedBytes - (this.#entries.get(name)?.sizeBytes ?? 0) + sizeBytes - this.#limitBytes;
    for (const [other, entry] of this.#entries) {
      if (excessBytes <= 0) break;
      if (entry.isOpen || other === name) continue;
      evicted.push(other);
      excessBytes -= entry.sizeBytes;
    }
    return excessBytes <= 0 ? evicted : undefined;
  }

  /** The file of a reservation is there. False when its room was given up meanwhile. */
  commit(name: string): boolean {
    const entry = this.#entries.get(name);
    if (entry !== undefined) entry.isOpen = false;
    return entry !== undefined;
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
