import { z } from 'zod';

/** Every public id is 128 random bits in 32 lower-case hex digits: the one shape Cloudflare Stream's clients insist on and Mux's accept. */
const ID_PATTERN = /^[0-9a-f]{32}$/;

const id = z.string().regex(ID_PATTERN, 'expected an id of 32 lower-case hex digits');

export const accountIdSchema = id.brand<'AccountId'>();
export const assetIdSchema = id.brand<'AssetId'>();
export const playbackIdSchema = id.brand<'PlaybackId'>();
export const uploadIdSchema = id.brand<'UploadId'>();
export const signingKeyIdSchema = id.brand<'SigningKeyId'>();
export const tokenIdSchema = id.brand<'TokenId'>();
export const playbackRestrictionIdSchema = id.brand<'PlaybackRestrictionId'>();

export type AccountId = z.infer<typeof accountIdSchema>;
export type AssetId = z.infer<typeof assetIdSchema>;
export type PlaybackId = z.infer<typeof playbackIdSchema>;
export type UploadId = z.infer<typeof uploadIdSchema>;
export type SigningKeyId = z.infer<typeof signingKeyIdSchema>;
export type TokenId = z.infer<typeof tokenIdSchema>;
export type PlaybackRestrictionId = z.infer<typeof playbackRestrictionIdSchema>;

export const newAccountId = (): AccountId => randomHex(16) as AccountId;
export const newAssetId = (): AssetId => randomHex(16) as AssetId;
export const newPlaybackId = (): PlaybackId => randomHex(16) as PlaybackId;
export const newUploadId = (): UploadId => randomHex(16) as UploadId;
export const newSigningKeyId = (): SigningKeyId => randomHex(16) as SigningKeyId;
export const newTokenId = (): TokenId => randomHex(16) as TokenId;
export const newPlaybackRestrictionId = (): PlaybackRestrictionId => randomHex(16) as PlaybackRestrictionId;

/** True for text in the shape of an id; which kind of thing it names is for the database to say. */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

/** `byteCount` bytes from the platform's cryptographic generator, as lower-case hex. */
export function randomHex(byteCount: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
