import { assetSchema } from '@mediaflow/shared/api';
import { newAccountId, newAssetId, newPlaybackId, newUploadId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import type { AssetRow, PlaybackIdRow } from '../db/schema.ts';
import { probedOutcome } from '../testing/outcomes.ts';
import { presentAsset, stringifyAspectRatio } from './asset.ts';
import { presentPlayback } from './playback.ts';

const NEW: AssetRow = {
  id: newAssetId(),
  account_id: newAccountId(),
  upload_id: newUploadId(),
  status: 'preparing',
  version: 1,
  source_key: 'sources/x/y',
  size_bytes: 6_000_000_000,
  sha256: null,
  passthrough: null,
  meta: {},
  source: null,
  timeline: null,
  renditions: null,
  stored_segments: 0,
  total_segments: 0,
  error_code: null,
  error_message: null,
  playable_at: null,
  video_quality: 'plus',
  warnings: [],
  playlist_revision: 0,
  is_analysis_due: false,
  measured: null,
  quality: null,
  pictures_total: 0,
  pictures_damaged: 0,
  ready_at: null,
  external: null,
  created_at: new Date(1_700_000_000_999),
};
const { source, timeline, renditions } = probedOutcome(NEW.id);
const PLAYABLE: AssetRow = {
  ...NEW,
  source,
  timeline,
  renditions,
  playable_at: new Date(1_700_000_003_000),
  total_segments: 40,
  stored_segments: 10,
};
const playbackId: PlaybackIdRow = { id: newPlaybackId(), asset_id: NEW.id, account_id: NEW.account_id, policy: 'signed', position: 1 };

test('a new asset shows what is known and leaves the rest out', () => {
  const asset = presentAsset(NEW, [playbackId]);
  expect(assetSchema.parse(asset)).toEqual(asset);
  expect(asset).toEqual({
    id: NEW.id,
    created_at: '1700000000',
    status: 'preparing',
    encoding_tier: 'smart',
    video_quality: 'plus',
    master_access: 'none',
    max_resolution_tier: '2160p',
    progress: { state: 'ingesting', progress: 0 },
    playback_ids: [{ id: playbackId.id, policy: 'signed' }],
    upload_id: NEW.upload_id,
    ingest_type: 'on_demand_direct_upload',
    source: { size: '6000000000' },
  });
});

test.each([
  ['basic', 'baseline'],
  ['plus', 'smart'],
  ['premium', 'premium'],
] as const)('quality %s is the tier %s', (video_quality, encoding_tier) => {
  expect(presentAsset({ ...NEW, video_quality }, [])).toMatchObject({ video_quality, encoding_tier });
});

test('what was wrong with the file is shown', () => {
  const warnings = [{ type: 'truncated', message: 'The file ends early.' }];
  expect(presentAsset({ ...PLAYABLE, warnings }, []).warnings).toEqual(warnings);
});

test('an error is shown with its reason', () => {
  const row: AssetRow = { ...NEW, status: 'errored', error_code: 'not_media', error_message: 'This is text.' };
  expect(presentAsset(row, []).errors).toEqual({ type: 'not_media', messages: ['This is text.'] });
});

test.each([
  [1280, 720, '720p'],
  [1920, 1080, '1080p'],
  [1080, 1920, '1080p'],
  [2560, 1440, '1440p'],
  [3840, 2160, '2160p'],
  [320, 240, '720p'],
])('%ix%i is of the %s tier', (width, height, tier) => {
  const video = source.video && { ...source.video, width, height };
  const probed = probedOutcome(NEW.id, 1, { ...source, video });
  expect(presentAsset({ ...PLAYABLE, ...probed, id: NEW.id }, []).resolution_tier).toBe(tier);
});

test('sound alone has no picture to describe', () => {
  const { video: _, ...soundSource } = source;
  const probed = probedOutcome(NEW.id, 1, soundSource);
  const asset = presentAsset({ ...PLAYABLE, source: probed.source, timeline: probed.timeline, renditions: probed.renditions }, []);
  expect(asset).toMatchObject({ kind: 'audio', resolution_tier: 'audio-only', tracks: [{ type: 'audio', primary: true }] });
  expect(asset).not.toHaveProperty('aspect_ratio');
  expect(asset).not.toHaveProperty('max_stored_frame_rate');
});

test.each([
  [1920, 1080, '16:9'],
  [1080, 1920, '9:16'],
  [640, 480, '4:3'],
  [1000, 1000, '1:1'],
  [1366, 768, '683:384'],
])('%ix%i is %s', (width, height, ratio) => {
  expect(stringifyAspectRatio(width, height)).toBe(ratio);
});

test.each([
  [NEW, 'preparing', false],
  [PLAYABLE, 'playable', true],
  [{ ...PLAYABLE, status: 'ready' as const }, 'ready', true],
  [{ ...PLAYABLE, status: 'errored' as const }, 'errored', true],
  [{ ...NEW, status: 'errored' as const }, 'errored', false],
])('playback %#', (row, status, hasVersion) => {
  const answer = presentPlayback(playbackId, row);
  expect(answer.status).toBe(status);
  expect('version' in answer).toBe(hasVersion);
});
