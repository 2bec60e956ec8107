/**
 * Where bytes live. The port that the folder and the S3 driver implement; `platform/src/testing/object-store-contract.ts` is
 * run against both. Nothing above it may need a rename, an append, or a listing in order.
 */
export interface ObjectStore {
  /** Undefined when absent. Any other trouble throws `AppError('unavailable')`: an outage is never an absence. */
  head(key: string): Promise<ObjectInfo | undefined>;

  /**
   * Streams the object, or `range` of it. Undefined when absent.
   * @throws AppError `range_not_satisfiable` when the range starts at or after the end
   */
  get(key: string, range?: ByteRange): Promise<StoredObject | undefined>;

  /**
   * Writes the whole object; readers see all of it or nothing, and a put that fails leaves what was there before.
   * Repeating a put is harmless. With `sizeBytes` given, a body of another length fails and nothing is stored.
   */
  put(key: string, body: ReadableStream<Uint8Array> | Uint8Array, options?: PutOptions): Promise<void>;

  /** Every key that starts with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<ObjectInfo & { readonly key: string }>;

  /** Deletes the object; an absent one is no error. */
  delete(key: string): Promise<void>;

  /** Makes the object a local file at `path` (a hard link where the driver can, else a download). False when absent. */
  stage(key: string, path: string): Promise<boolean>;

  /** A URL that allows one method on one key for a while, or undefined where the driver has no such thing (a folder). */
  presign(key: string, method: 'GET' | 'PUT', expiresInSeconds: number): Promise<string | undefined>;
}

export interface ObjectInfo {
  readonly sizeBytes: number;
  /** Quoted, as in an HTTP header; changes whenever the bytes do. */
  readonly etag: string;
}

export interface StoredObject extends ObjectInfo {
  readonly contentType?: string;
  /** Size of the whole object is `sizeBytes`; this is the part that `body` carries. */
  readonly range: { readonly offset: number; readonly length: number };
  /** Must be read to its end or cancelled: a file or a connection is held open until then. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Bytes `offset` to `offset + length - 1`, to the end without a length; cut to the object's size. */
export interface ByteRange {
  readonly offset: number;
  readonly length?: number;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly sizeBytes?: number;
  /**
   * The first writer wins: an object that is there already stays as it is, and the put succeeds all the same. A store that
   * cannot tell writes anyway, so only work that always makes an equal object may rely on it.
   */
  readonly ifAbsent?: boolean;
}

/** Slashes between names of at most 255 characters (a folder's limit), 1024 in all (S3's), none beginning with a dot. */
const KEY_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,254})*$/;
const MAX_KEY_LENGTH = 1024;

/** Keys are relative paths of plain segments; so none can leave the store or collide with another in it. */
export const isObjectKey = (text: string): boolean => text.length <= MAX_KEY_LENGTH && KEY_PATTERN.test(text);

/** Refuses what is no key. Returns the key. */
export function assertObjectKey(key: string): string {
  if (isObjectKey(key)) return key;
  throw new TypeError(`not an object key: ${JSON.stringify(key.slice(0, 200))}`);
}

/** What a key may begin with: nothing, a key cut anywhere, a slash at its end included. Returns the prefix. */
export function assertObjectPrefix(prefix: string): string {
  if (prefix !== '') assertObjectKey(prefix.replace(/\/$/, ''));
  return prefix;
}
