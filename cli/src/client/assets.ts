import { type Asset, assetSchema, playbackTokenSchema, type Upload, uploadSchema } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { isId } from '@mediaflow/shared/ids';
import type { VideoQuality } from '@mediaflow/shared/rendition';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';

export interface NewUpload {
  readonly policy: 'public' | 'signed';
  readonly title?: string | undefined;
  readonly quality?: VideoQuality | undefined;
}

export function createUpload(api: ApiClient, { policy, title, quality }: NewUpload): Promise<Upload> {
  const settings = {
    playback_policies: [policy],
    ...(title !== undefined && { meta: { title } }),
    ...(quality !== undefined && { video_quality: quality }),
  };
  return api.request('/video/v1/uploads', uploadSchema, { method: 'POST', body: { new_asset_settings: settings, timeout: 86_400 } });
}

export interface BucketInput extends Pick<NewUpload, 'policy' | 'title'> {
  /** Of the manifest. */
  readonly key: string;
  readonly prefix?: string | undefined;
}

/** An asset of playlists and media that are in the bucket already. */
export function registerAsset(api: ApiClient, { key, prefix, policy, title }: BucketInput): Promise<Asset> {
  const body = {
    inputs: [{ url: `bucket://${key}`, ...(prefix !== undefined && { prefix }) }],
    playback_policies: [policy],
    ...(title !== undefined && { meta: { title } }),
  };
  return api.request('/video/v1/assets', assetSchema, { method: 'POST', body });
}

export const getUpload = (api: ApiClient, id: string): Promise<Upload> => api.request(`/video/v1/uploads/${id}`, uploadSchema);

export const getAsset = async (api: ApiClient, id: string): Promise<Asset> => api.request(`/video/v1/assets/${requireId(id)}`, assetSchema);

export const deleteAsset = async (api: ApiClient, id: string): Promise<void> =>
  api.send(`/video/v1/assets/${requireId(id)}`, { method: 'DELETE' });

const PAGE_LIMIT = 100;

const listPage = (api: ApiClient, page: number): Promise<readonly Asset[]> =>
  api.request(`/video/v1/assets?limit=${PAGE_LIMIT}&page=${page}`, z.array(assetSchema));

export const listNewestAssets = (api: ApiClient): Promise<readonly Asset[]> => listPage(api, 1);

/** All of the account's assets, newest first. */
export async function listAssets(api: ApiClient): Promise<readonly Asset[]> {
  const assets: Asset[] = [];
  for (let page = 1; ; page += 1) {
    const batch = await listPage(api, page);
    assets.push(...batch);
    if (batch.length < PAGE_LIMIT) return assets;
  }
}

/** A playback token issued by the installation, for those without a signing key. */
export async function issueToken(api: ApiClient, assetId: string, playbackId: string, request: object): Promise<string> {
  const path = `/video/v1/assets/${requireId(assetId)}/playback-ids/${playbackId}/tokens`;
  return (await api.request(path, playbackTokenSchema, { method: 'POST', body: request })).token;
}

/** Throws `not_found` for what cannot be an id: it would end up in a path. */
export function requireId(text: string): string {
  if (!isId(text)) throw new AppError('not_found', `"${text}" is no id: 32 digits of 0-9 and a-f are.`);
  return text;
}
