import type { PublishPayload } from '@mediaflow/shared/jobs';
import type { Handler } from '../handler.ts';
import { storeManifests, storePlaylists } from './manifests.ts';

/** Writes a revision of an asset's manifests. Done twice, it writes the same. */
export const handlePublish: Handler<PublishPayload> = async (payload, { signal, store, confirmLease, report }) => {
  const { assetId, version, revision } = payload;
  await storePlaylists(store, payload);
  await confirmLease();
  await storeManifests(store, payload);
  await report({ kind: 'published', assetId, version, revision }, signal);
};
