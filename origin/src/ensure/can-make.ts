import { parseMediaKey } from '@mediaflow/shared/keys';
import { findAsset } from '../db/assets.ts';
import type { Db } from '../db/schema.ts';
import { decideEnsure } from './decide-ensure.ts';
import { planWork } from './plan-work.ts';

/** Whether `Ensure` would have an absent object made. Has nothing made itself. */
export async function canMake(db: Db, key: string): Promise<boolean> {
  const location = parseMediaKey(key);
  const asset = location && (await findAsset(db, location.assetId));
  if (location === undefined || asset === undefined) return false;
  return (await planWork(db, asset, decideEnsure(location, asset))) !== undefined;
}
