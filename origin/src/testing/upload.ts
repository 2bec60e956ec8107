import type { Asset, Upload } from '@mediaflow/shared/api';
import * as tus from 'tus-js-client';
import type { Account } from './test-origin.ts';

export const createUpload = (account: Account, body: unknown = {}): Promise<Upload & { url: string }> =>
  account.call('POST', '/video/v1/uploads', body);

/** Uploads with the client that browsers use; resolves when it says it is done. */
export function uploadBytes(endpoint: string, bytes: Buffer, options: Partial<tus.UploadOptions> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    new tus.Upload(bytes, { endpoint, retryDelays: null, ...options, onSuccess: () => resolve(), onError: reject }).start();
  });
}

type Body = NonNullable<RequestInit['body']>;

/** TUS spoken by hand, for what no well-behaved client does. */
export function tusRequest(url: string, method: string, headers: Record<string, string> = {}, body?: Body): Promise<Response> {
  return fetch(url, { method, headers: { 'tus-resumable': '1.0.0', ...headers }, ...(body !== undefined && { body }) });
}

/** `Location` of a new attempt. */
export async function createAttempt(url: string, sizeBytes: number): Promise<string> {
  const response = await tusRequest(url, 'POST', { 'upload-length': String(sizeBytes) });
  const location = response.headers.get('location');
  if (response.status !== 201 || location === null) throw new Error(`creation failed: ${response.status} ${await response.text()}`);
  return location;
}

export function patchAttempt(location: string, offset: number, body: Body): Promise<Response> {
  return tusRequest(location, 'PATCH', { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body);
}

/** The asset an upload has become, or undefined. */
export async function findAssetOf(account: Account, uploadId: string): Promise<Asset | undefined> {
  const [asset] = await account.call<Asset[]>('GET', `/video/v1/assets?upload_id=${uploadId}`);
  return asset;
}

/** A finished upload's asset. */
export async function createAsset(account: Account, settings: unknown = {}, bytes = Buffer.from('not really a film')): Promise<Asset> {
  const upload = await createUpload(account, { new_asset_settings: settings });
  await uploadBytes(upload.url, bytes);
  const asset = await findAssetOf(account, upload.id);
  if (asset === undefined) throw new Error('the upload made no asset');
  return asset;
}
