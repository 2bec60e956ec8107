import type { ObjectStore } from '@mediaflow/shared/object-store';

/** What a test of the contract works on; new for each. */
export interface Subject {
  store: ObjectStore;
  /** A folder for local files. */
  scratch: string;
}
