import { AppError } from '@mediaflow/shared/errors';
import { isId } from '@mediaflow/shared/ids';
import type { AssetPosition } from '../db/assets.ts';
import type { AssetRow } from '../db/schema.ts';

/** `{milliseconds}.{id}` of a page's last row. Opaque to clients. */
export const stringifyAssetCursor = ({ created_at, id }: Pick<AssetRow, 'created_at' | 'id'>): string => `${created_at.getTime()}.${id}`;

/** @throws AppError `invalid_parameters` */
export function parseAssetCursor(cursor: string): AssetPosition {
  const [milliseconds = '', id = '', ...rest] = cursor.split('.');
  if (!/^\d{1,15}$/.test(milliseconds) || !isId(id) || rest.length > 0) {
    throw new AppError('invalid_parameters', 'cursor: not one that this list gave out');
  }
  return { createdAt: new Date(Number(milliseconds)), id };
}
