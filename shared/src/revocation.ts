import { z } from 'zod';
import { assetIdSchema, playbackIdSchema, signingKeyIdSchema } from './ids.ts';
import { toSignerId } from './session.ts';

/**
 * What can be revoked before its time: one viewer's session, or every session that a playback id, a signing key or an asset has opened
 * and would open. A session is named together with its playback id: sessions are not stored, so that is what shows whose it is.
 */
export const revocableObjectSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('session'),
    /** As the manifest's `x-mediaflow-session` says it. */
    id: z.string().regex(/^[0-9a-f]{16}$/, 'expected a session id of 16 lower-case hex digits'),
    playback_id: playbackIdSchema,
  }),
  z.object({ type: z.literal('playback_id'), id: playbackIdSchema }),
  z.object({ type: z.literal('signing_key'), id: signingKeyIdSchema }),
  z.object({ type: z.literal('asset'), id: assetIdSchema }),
]);
export type RevocableObject = z.infer<typeof revocableObjectSchema>;
export type RevocableType = RevocableObject['type'];
export const REVOCABLE_TYPES = ['session', 'playback_id', 'signing_key', 'asset'] as const satisfies readonly RevocableType[];

/** What the origin publishes and the edge looks up. Parts are hex digits, so no two objects share a name. */
export const sessionName = (playbackId: string, viewerId: string): string => `session:${playbackId}:${viewerId}`;
export const playbackIdName = (id: string): string => `playback_id:${id}`;
export const signerName = (keyId: string): string => `signer:${toSignerId(keyId)}`;
export const assetName = (id: string): string => `asset:${id}`;

export function revocationName(object: RevocableObject): string {
  switch (object.type) {
    case 'session':
      return sessionName(object.playback_id, object.id);
    case 'playback_id':
      return playbackIdName(object.id);
    case 'signing_key':
      return signerName(object.id);
    case 'asset':
      return assetName(object.id);
  }
}
