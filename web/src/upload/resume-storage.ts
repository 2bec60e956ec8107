import { createStore, type Store } from '../store.ts';
import { forget, parseMemory, type RememberedUpload, remember, stringifyMemory } from './resume-memory.ts';

export interface ResumeStorage {
  /** For those who show it; follows other tabs too. */
  readonly entries: Store<readonly RememberedUpload[]>;
  read(): readonly RememberedUpload[];
  remember(entry: RememberedUpload): void;
  forget(uploadId: string): void;
}

const STORAGE_KEY = 'mediaflow.uploads';

/** Unfinished uploads in `localStorage`. Where that is full or forbidden, uploads work and merely do not survive a reload. */
export function createResumeStorage(storage: Storage): ResumeStorage {
  const load = () => parseMemory(readItem(storage), Date.now());
  const entries = createStore(load());

  function write(change: (memory: readonly RememberedUpload[]) => readonly RememberedUpload[]): void {
    const next = change(load());
    try {
      storage.setItem(STORAGE_KEY, stringifyMemory(next));
    } catch {
      // Quota or a private window: the list still serves this page.
    }
    entries.update(() => next);
  }

  window.addEventListener('storage', (event) => {
    if (event.key === STORAGE_KEY) entries.update(load);
  });

  return {
    entries,
    read: load,
    remember: (entry) => write((memory) => remember(memory, entry)),
    forget: (uploadId) => write((memory) => forget(memory, uploadId)),
  };
}

function readItem(storage: Storage): string | null {
  try {
    return storage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
