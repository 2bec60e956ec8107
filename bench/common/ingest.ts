import { stat } from 'node:fs/promises';
import { uploadSchema } from '@mediaflow/shared/api';
import type { AssetId } from '@mediaflow/shared/ids';
import { callApi } from '../../e2e/api.ts';
import { type Platform, until } from '../../e2e/platform.ts';
import { sendFile } from './send-file.ts';

export interface Ingested {
  readonly assetId: AssetId;
  /** `performance.now()` when the last byte was acknowledged. */
  readonly acknowledgedAt: number;
}

/** Sends a file as a client does whose connection never breaks: an upload, a TUS creation, one PATCH. */
export async function ingest(platform: Platform, path: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Ingested> {
  const { size: sizeBytes } = await stat(path);
  const { id, url } = uploadSchema.parse(await callApi(platform, 'POST', '/video/v1/uploads', { new_asset_settings: settings }));
  if (url === undefined) throw new Error('the upload has no address');
  const location = await createTusUpload(url, sizeBytes);
  await sendOverTus(location, path, sizeBytes);
  const acknowledgedAt = performance.now();
  const assetId = await until('the asset of the upload', async () => {
    return uploadSchema.parse(await callApi(platform, 'GET', `/video/v1/uploads/${id}`)).asset_id;
  });
  return { assetId, acknowledgedAt };
}

const TUS = { 'tus-resumable': '1.0.0' };

/** The address that takes the bytes. */
export async function createTusUpload(url: string, sizeBytes: number): Promise<string> {
  const created = await fetch(url, { method: 'POST', headers: { ...TUS, 'upload-length': String(sizeBytes) } });
  const location = created.headers.get('location');
  if (location === null) throw new Error(`The upload was not created: ${created.status} ${await created.text()}`);
  return location;
}

export async function sendOverTus(location: string, path: string, sizeBytes: number): Promise<void> {
  const headers = { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  await sendFile({ method: 'PATCH', url: location, path, sizeBytes, headers });
}
