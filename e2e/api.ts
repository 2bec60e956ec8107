import { type Asset, assetSchema } from '@mediaflow/shared/api';
import { authorization, type Platform, until } from './platform.ts';

/** One call of the management API; the answer's `data`. */
export async function callApi(platform: Platform, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${platform.credentials.api_url}${path}`, {
    method,
    headers: { authorization: authorization(platform.credentials), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const answer: unknown = response.status === 204 ? {} : await response.json();
  return typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : undefined;
}

export async function getAsset(platform: Platform, id: string): Promise<Asset> {
  return assetSchema.parse(await callApi(platform, 'GET', `/video/v1/assets/${id}`));
}

/** The asset once nothing more will happen to it: ready or errored. */
export function waitForEnd(platform: Platform, id: string, timeoutMs = 300_000, everyMs = 200): Promise<Asset> {
  return until(`asset ${id} to end`, async () => notPreparing(await getAsset(platform, id)), timeoutMs, everyMs);
}

const notPreparing = (asset: Asset): Asset | undefined => (asset.status === 'preparing' ? undefined : asset);

/** The first playback id, and the address that opens it with a token of this installation. */
export async function signedUrl(platform: Platform, asset: Asset, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const playbackId = asset.playback_ids?.[0]?.id;
  if (playbackId === undefined) throw new Error('the asset has no playback id');
  const path = `/video/v1/assets/${asset.id}/playback-ids/${playbackId}/tokens`;
  const token = await callApi(platform, 'POST', path, { type: 'video', ...claims });
  if (typeof token !== 'object' || token === null || !('url' in token)) throw new Error('no token was issued');
  return String(token.url);
}
