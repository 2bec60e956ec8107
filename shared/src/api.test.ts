import { describe, expect, it } from 'vitest';
import {
  assetSchema,
  createApiTokenSchema,
  createPlaybackIdSchema,
  createPlaybackTokenSchema,
  createSigningKeySchema,
  createUploadSchema,
  listQuerySchema,
  signingKeySchema,
  updateAssetSchema,
  uploadSchema,
} from './api.ts';
import { newAssetId, newPlaybackId, newUploadId } from './ids.ts';

describe('requests', () => {
  it('have the defaults of Mux', () => {
    expect(createUploadSchema.parse({})).toEqual({ timeout: 3600 });
    expect(createPlaybackIdSchema.parse({})).toEqual({ policy: 'signed' });
    expect(createSigningKeySchema.parse({})).toEqual({ algorithm: 'RS256' });
    expect(createPlaybackTokenSchema.parse({})).toEqual({ type: 'video', expires_in: 3600 });
    expect(createApiTokenSchema.parse({})).toEqual({ name: 'API token' });
    expect(listQuerySchema.parse({})).toEqual({ limit: 25, page: 1 });
  });

  it('may carry options that we do not know, which are dropped', () => {
    const request = {
      cors_origin: '*',
      test: true,
      new_asset_settings: { playback_policies: ['signed'], mp4_support: 'none', inputs: [] },
    };
    expect(createUploadSchema.parse(request)).toEqual({
      timeout: 3600,
      cors_origin: '*',
      new_asset_settings: { playback_policies: ['signed'] },
    });
  });

  it.each([
    ['timeout below a minute', createUploadSchema, { timeout: 59 }],
    ['timeout above a week', createUploadSchema, { timeout: 604_801 }],
    ['timeout as text', createUploadSchema, { timeout: '60' }],
    ['an unknown policy', createUploadSchema, { new_asset_settings: { playback_policies: ['drm'] } }],
    ['too many policies', createUploadSchema, { new_asset_settings: { playback_policies: Array(11).fill('signed') } }],
    ['a long passthrough', updateAssetSchema, { passthrough: 'x'.repeat(256) }],
    ['a long title', updateAssetSchema, { meta: { title: 'x'.repeat(513) } }],
    ['an algorithm that signs nothing', createSigningKeySchema, { algorithm: 'none' }],
    ['a symmetric algorithm', createSigningKeySchema, { algorithm: 'HS256' }],
    ['a token for ever', createPlaybackTokenSchema, { expires_in: 604_801 }],
    ['an empty name', createApiTokenSchema, { name: '' }],
    ['no object', createUploadSchema, null],
    ['a list', createUploadSchema, []],
  ])('refuse %s', (_, schema, request) => {
    expect(schema.safeParse(request).success).toBe(false);
  });
});

describe('list queries', () => {
  it('come as text', () => {
    expect(listQuerySchema.parse({ limit: '100', page: '3', cursor: 'c' })).toEqual({ limit: 100, page: 3, cursor: 'c' });
  });
  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: 'x' },
    { limit: '' },
    { page: '0' },
    { page: '-1' },
    { page: '1.5' },
    { page: '1e9' },
    { cursor: 'x'.repeat(201) },
  ])('refuse %j', (query) => {
    expect(listQuerySchema.safeParse(query).success).toBe(false);
  });
});

describe('answers', () => {
  const asset = {
    id: newAssetId(),
    created_at: '1800000000',
    encoding_tier: 'baseline',
    master_access: 'none',
    max_resolution_tier: '1080p',
    progress: { state: 'transcoding', progress: 12.5 },
    status: 'preparing',
    video_quality: 'basic',
  };

  it('of an asset need what every asset of Mux has', () => {
    expect(assetSchema.safeParse(asset).success).toBe(true);
    for (const name of Object.keys(asset)) expect(assetSchema.safeParse({ ...asset, [name]: undefined }).success, name).toBe(false);
  });

  it('leave an absent field out and never say null', () => {
    for (const name of ['duration', 'errors', 'upload_id', 'meta', 'playable_at']) {
      expect(assetSchema.safeParse({ ...asset, [name]: null }).success, name).toBe(false);
    }
  });

  it('give times as seconds in text', () => {
    for (const created_at of [1_800_000_000, '2026-01-01T00:00:00Z', '1.5', '']) {
      expect(assetSchema.safeParse({ ...asset, created_at }).success).toBe(false);
    }
  });

  it('of uploads and keys are read back', () => {
    const upload = { id: newUploadId(), timeout: 3600, status: 'asset_created', asset_id: newAssetId() };
    expect(uploadSchema.parse(upload)).toEqual(upload);
    const key = { id: newPlaybackId(), created_at: '1', algorithm: 'EdDSA' };
    expect(signingKeySchema.parse(key)).toEqual(key);
  });
});
