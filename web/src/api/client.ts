import {
  type ApiToken,
  type Asset,
  apiTokenSchema,
  assetSchema,
  type PlaybackIdObject,
  type PlaybackPolicy,
  type PlaybackToken,
  playbackIdObjectSchema,
  playbackTokenSchema,
  type SigningKey,
  signingKeySchema,
  type Upload,
  uploadSchema,
  type Whoami,
  whoamiSchema,
} from '@mediaflow/shared/api';
import type { Scope } from '@mediaflow/shared/scopes';
import type { SigningAlgorithm } from '@mediaflow/shared/token';
import { type Page, requestData, requestNothing, requestPage } from './request.ts';

/** Every call of the management API that the dashboard makes. All throw AppError. */

export const readWhoami = (signal?: AbortSignal): Promise<Whoami> => requestData('/system/v1/whoami', whoamiSchema, optional(signal));

/** The edge answers with an HttpOnly cookie; the secret leaves the page's memory with the form. */
export const signIn = (tokenId: string, tokenSecret: string): Promise<void> =>
  requestNothing('/system/v1/sessions', { method: 'POST', body: { token_id: tokenId, token_secret: tokenSecret } });

export const signOut = (): Promise<void> => requestNothing('/system/v1/sessions', { method: 'DELETE' });

const ASSETS = '/video/v1/assets';

/** Newest first. */
export function listAssets(options: { limit: number; cursor?: string; signal?: AbortSignal }): Promise<Page<Asset>> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.cursor !== undefined) query.set('cursor', options.cursor);
  return requestPage(`${ASSETS}?${query}`, assetSchema.array(), optional(options.signal));
}

export const readAsset = (id: string, signal?: AbortSignal): Promise<Asset> =>
  requestData(`${ASSETS}/${id}`, assetSchema, optional(signal));

/** PATCH replaces `meta` whole, so the other fields go along. */
export const renameAsset = (asset: Asset, title: string): Promise<Asset> =>
  requestData(`${ASSETS}/${asset.id}`, assetSchema, { method: 'PATCH', body: { meta: { ...asset.meta, title } } });

export const deleteAsset = (id: string): Promise<void> => requestNothing(`${ASSETS}/${id}`, { method: 'DELETE' });

export const createPlaybackId = (assetId: string, policy: PlaybackPolicy): Promise<PlaybackIdObject> =>
  requestData(`${ASSETS}/${assetId}/playback-ids`, playbackIdObjectSchema, { method: 'POST', body: { policy } });

export const deletePlaybackId = (assetId: string, playbackId: string): Promise<void> =>
  requestNothing(`${ASSETS}/${assetId}/playback-ids/${playbackId}`, { method: 'DELETE' });

export interface TokenRequest {
  readonly type: 'video' | 'thumbnail';
  readonly expiresInSeconds: number;
}

export const createPlaybackToken = (assetId: string, playbackId: string, request: TokenRequest): Promise<PlaybackToken> =>
  requestData(`${ASSETS}/${assetId}/playback-ids/${playbackId}/tokens`, playbackTokenSchema, {
    method: 'POST',
    body: { type: request.type, expires_in: request.expiresInSeconds },
  });

/** A week, the longest Mux allows: an upload that was broken off on Friday can go on after the weekend. */
const UPLOAD_TIMEOUT_SECONDS = 604_800;

export const createUpload = (title: string): Promise<Upload> =>
  requestData('/video/v1/uploads', uploadSchema, {
    method: 'POST',
    body: {
      new_asset_settings: { playback_policies: ['signed'], meta: { title } },
      cors_origin: location.origin,
      timeout: UPLOAD_TIMEOUT_SECONDS,
    },
  });

export const readUpload = (id: string, signal?: AbortSignal): Promise<Upload> =>
  requestData(`/video/v1/uploads/${id}`, uploadSchema, optional(signal));

export const cancelUpload = (id: string): Promise<void> => requestNothing(`/video/v1/uploads/${id}/cancel`, { method: 'PUT' });

export const listApiTokens = (): Promise<Page<ApiToken>> => requestPage('/system/v1/api-tokens?limit=100', apiTokenSchema.array());

export const createApiToken = (name: string, scopes: readonly Scope[]): Promise<ApiToken> =>
  requestData('/system/v1/api-tokens', apiTokenSchema, { method: 'POST', body: { name, scopes } });

export const deleteApiToken = (id: string): Promise<void> => requestNothing(`/system/v1/api-tokens/${id}`, { method: 'DELETE' });

export const listSigningKeys = (): Promise<Page<SigningKey>> => requestPage('/system/v1/signing-keys?limit=100', signingKeySchema.array());

export const createSigningKey = (algorithm: SigningAlgorithm): Promise<SigningKey> =>
  requestData('/system/v1/signing-keys', signingKeySchema, { method: 'POST', body: { algorithm } });

export const deleteSigningKey = (id: string): Promise<void> => requestNothing(`/system/v1/signing-keys/${id}`, { method: 'DELETE' });

const optional = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal === undefined ? {} : { signal });
