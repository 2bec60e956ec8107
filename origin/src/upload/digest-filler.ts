import type { Log } from '@mediaflow/platform/log';
import type { AssetId } from '@mediaflow/shared/ids';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { findAssetsWithoutDigest, setDigest } from '../db/assets.ts';
import type { Db } from '../db/schema.ts';
import { hashStoredObject } from './hashing.ts';

const BATCH = 100;

export interface DigestFillerOptions {
  readonly db: Db;
  readonly store: ObjectStore;
  readonly log: Log;
}

/**
 * Hashes sources whose bytes no process saw from first to last: all of them each time. Apart from the sweep, because a large one takes minutes.
 * One that is gone is told of once, and is not asked for again by this process.
 */
export function createDigestFiller({ db, store, log }: DigestFillerOptions): () => Promise<void> {
  const gone = new Set<AssetId>();
  return async () => {
    let batch = await findAssetsWithoutDigest(db, BATCH);
    for (let last = batch.at(-1); last !== undefined; last = batch.at(-1)) {
      for (const { id, source_key } of batch.filter((asset) => !gone.has(asset.id))) {
        const sha256 = await hashStoredObject(store, source_key);
        if (sha256 !== undefined) {
          await setDigest(db, id, sha256);
          continue;
        }
        gone.add(id);
        log.warn({ assetId: id }, 'source is not stored');
      }
      batch = await findAssetsWithoutDigest(db, BATCH, last.id);
    }
  };
}
