import { type UploadId, uploadIdSchema } from './ids.ts';
import { decodeBase64Url, encodeBase64Url, type HmacKey, signBytes, verifyBytes } from './signed.ts';

/**
 * The right to send bytes into one upload, carried in the upload URL's path so that no API credential ever reaches a
 * browser. It names the upload only: whether that upload still takes bytes (not finished, cancelled, timed out) is
 * asked of the database on each request, so a grant dies with its upload.
 */
export async function signGrant(key: HmacKey, uploadId: UploadId): Promise<string> {
  const mac = await signBytes(key, new TextEncoder().encode(uploadId));
  return `${uploadId}.${encodeBase64Url(mac)}`;
}

/** The upload a grant is for, or undefined. `key` is `deriveHmacKey(secret, 'grant')`. */
export async function verifyGrant(key: HmacKey, text: string): Promise<UploadId | undefined> {
  const [id = '', macText = '', ...rest] = text.split('.');
  const uploadId = uploadIdSchema.safeParse(id);
  const mac = decodeBase64Url(macText);
  if (rest.length > 0 || !uploadId.success || mac === undefined) return undefined;
  return (await verifyBytes(key, new TextEncoder().encode(id), mac)) ? uploadId.data : undefined;
}
