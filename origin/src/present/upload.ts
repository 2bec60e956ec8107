import type { Upload } from '@mediaflow/shared/api';
import type { UploadRow } from '../db/schema.ts';

/** @param url where the bytes go; shown only while the upload takes any */
export function presentUpload(row: UploadRow, url: string): Upload {
  return {
    id: row.id,
    ...(row.status === 'waiting' && { url }),
    timeout: row.timeout_seconds,
    status: row.status,
    ...(row.cors_origin !== null && { cors_origin: row.cors_origin }),
    new_asset_settings: row.settings,
    ...(row.asset_id !== null && { asset_id: row.asset_id }),
  };
}
