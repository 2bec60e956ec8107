/** Names of what happens to an asset: Mux's, and ours where Mux has none. Also the SSE `event:` field. */
export const ASSET_EVENTS = [
  'video.asset.created',
  'video.asset.playable',
  'video.asset.progress',
  'video.asset.ready',
  'video.asset.errored',
  'video.asset.updated',
  'video.asset.deleted',
] as const;
export type AssetEventType = (typeof ASSET_EVENTS)[number];

/** The events after which nothing more will come for the asset's present version. */
export const FINAL_ASSET_EVENTS: readonly AssetEventType[] = ['video.asset.ready', 'video.asset.errored', 'video.asset.deleted'];
