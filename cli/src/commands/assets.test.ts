import type { Asset } from '@mediaflow/shared/api';
import { newAssetId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { describeAsset } from './assets.ts';

const ASSET: Asset = {
  id: newAssetId(),
  created_at: '1700000000',
  encoding_tier: 'premium',
  master_access: 'none',
  max_resolution_tier: '2160p',
  progress: { state: 'transcoding', progress: 25, eta_seconds: 65 },
  status: 'preparing',
  video_quality: 'premium',
  playable_at: '1700000003',
};
const PAGE = 'http://127.0.0.1:8780/videos/x';

test('what is not known is left out', () => {
  expect(describeAsset({ ...ASSET, progress: { state: 'transcoding', progress: 25 } }, PAGE).split('\n')).toEqual([
    `Asset        ${ASSET.id}`,
    'Status       playable 25 %',
    'Quality      premium',
    `Page         ${PAGE}`,
  ]);
});

test('the remaining time, warnings and tracks are shown', () => {
  const text = describeAsset(
    {
      ...ASSET,
      warnings: [{ type: 'truncated', message: 'The file ends early.' }],
      tracks: [
        { id: 'v0', type: 'video', max_width: 1920, max_height: 1080, max_frame_rate: 29.97 },
        { id: 'a1', type: 'audio', max_channels: 2, name: 'Commentary', language_code: 'de', primary: false },
        { id: 't0', type: 'text', name: 'Français', language_code: 'fr', status: 'preparing' },
      ],
    },
    PAGE,
  );
  expect(text).toContain('Ready in     1:05\n');
  expect(text).toContain('Warning      The file ends early.\n');
  expect(text).toContain('Track        v0  video, 1920x1080, 29.97 frames/s\n');
  expect(text).toContain('Track        a1  audio, Commentary, de, 2 channels\n');
  expect(text).toContain('Track        t0  text, Français, fr, preparing\n');
});
