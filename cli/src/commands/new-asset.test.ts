import type { Asset } from '@mediaflow/shared/api';
import { newAssetId, newPlaybackId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { printNewAsset, sayHowToPlay } from './new-asset.ts';

const playbackId = newPlaybackId();
const ASSET: Asset = {
  id: newAssetId(),
  created_at: '1700000000',
  encoding_tier: 'smart',
  master_access: 'none',
  max_resolution_tier: '1080p',
  progress: { state: 'ingesting', progress: 0 },
  status: 'preparing',
  video_quality: 'plus',
  playback_ids: [{ id: playbackId, policy: 'signed' }],
};

test('a new asset is two lines for a script and a hint for a person, or JSON', () => {
  const [printed, said]: [string[], string[]] = [[], []];
  const output = { print: (text: string) => void printed.push(text), say: (text: string) => void said.push(text), isInteractive: false };
  printNewAsset(ASSET, {}, output);
  const context = { output, cwd: '/' };
  sayHowToPlay(ASSET, {}, context);
  expect(printed).toEqual([`Asset        ${ASSET.id}`, `Playback id  ${playbackId}`]);
  expect(said).toEqual([`Get a link with: ./mediaflow sign ${ASSET.id}`]);
  printNewAsset(ASSET, { json: true }, output);
  sayHowToPlay(ASSET, { json: true }, context);
  expect([JSON.parse(printed[2] ?? ''), printed.length, said.length]).toEqual([ASSET, 3, 1]);
});
