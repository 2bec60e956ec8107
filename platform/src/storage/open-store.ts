import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { StoreConfig } from '../config.ts';
import { createFolderStore } from './folder-store.ts';
import { createS3Store } from './s3-store.ts';

/** The store that the configuration names. Nothing is opened or created before the first call on it. */
export function openStore(config: StoreConfig): ObjectStore {
  return config.kind === 'folder' ? createFolderStore(config.directory) : createS3Store(config);
}
