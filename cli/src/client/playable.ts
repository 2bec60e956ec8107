import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import type { ApiClient } from './api-client.ts';
import { getAsset } from './assets.ts';
import { type PollOptions, poll } from './poll.ts';

/**
 * Waits until the file was looked at, and found to be a film.
 * @throws AppError `corrupt` with the reason when it was not; `unavailable` at the deadline
 */
export async function waitUntilPlayable(api: ApiClient, assetId: string, options: Omit<PollOptions, 'what'>): Promise<void> {
  await poll({ ...options, what: 'the asset to become playable' }, async () => {
    const asset = failIfErrored(await getAsset(api, assetId));
    return asset.playable_at === undefined ? undefined : true;
  });
}

export function failIfErrored(asset: Asset): Asset {
  if (asset.status !== 'errored') return asset;
  throw new AppError('corrupt', `This file cannot be turned into a video: ${asset.errors?.messages.join(' ') ?? 'no reason given'}`);
}
