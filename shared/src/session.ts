import type { AssetId } from './ids.ts';
import { type Bytes, decodeBase64Url, encodeBase64Url, type HmacKey, signBytes, verifyBytes } from './signed.ts';

/**
 * A playback session: what the edge hands out once a playback token was accepted, carried in the path of every media
 * URL. Verified without any look-up; relative segment URIs inherit it in every player.
 */
export interface Session {
  readonly assetId: AssetId;
  readonly version: number;
  /** Unix seconds after which no byte is served. */
  readonly expiresAt: number;
  /** Names one viewer's session: 16 hex digits. */
  readonly viewerId: string;
  /** Largest and smallest short side in pixels that may be fetched; 0 is no limit. */
  readonly maxShortSide: number;
  readonly minShortSide: number;
}

/** First byte; a later layout takes another number, and this one stays readable until its sessions have expired. */
const LAYOUT = 1;
/** layout 1 · asset 16 · version 2 · expiresAt 5 · viewer 8 · max 2 · min 2, big-endian. */
const PAYLOAD_BYTES = 36;
/** HMAC-SHA256 cut to 128 bits (RFC 2104 section 5 allows no less than half). Whole session: 70 characters. */
const MAC_BYTES = 16;

export async function signSession(key: HmacKey, session: Session): Promise<string> {
  const payload = encodePayload(session);
  const mac = await signBytes(key, payload);
  const bytes = new Uint8Array(PAYLOAD_BYTES + MAC_BYTES);
  bytes.set(payload);
  bytes.set(mac.subarray(0, MAC_BYTES), PAYLOAD_BYTES);
  return encodeBase64Url(bytes);
}

/** The session, or undefined for anything forged, malformed or expired at `now` (Unix seconds). */
export async function verifySession(key: HmacKey, text: string, now: number): Promise<Session | undefined> {
  if (text.length > 128) return undefined;
  const bytes = decodeBase64Url(text);
  if (bytes?.length !== PAYLOAD_BYTES + MAC_BYTES || bytes[0] !== LAYOUT) return undefined;
  const payload = bytes.slice(0, PAYLOAD_BYTES);
  if (!(await hasMac(key, payload, bytes.subarray(PAYLOAD_BYTES)))) return undefined;
  const session = decodePayload(payload);
  return session.expiresAt > now ? session : undefined;
}

/**
 * `subtle.verify` wants the whole MAC and we carry half. Comparing MACs of the two halves under the same key is the
 * double-HMAC comparison: what leaks through timing is of a value the attacker cannot predict.
 */
async function hasMac(key: HmacKey, payload: Bytes, half: Uint8Array): Promise<boolean> {
  const expected = (await signBytes(key, payload)).slice(0, MAC_BYTES);
  return verifyBytes(key, expected, await signBytes(key, new Uint8Array(half)));
}

function encodePayload(session: Session): Bytes {
  const bytes = new Uint8Array(PAYLOAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, LAYOUT);
  bytes.set(fromHex(session.assetId), 1);
  view.setUint16(17, session.version);
  view.setUint8(19, Math.floor(session.expiresAt / 2 ** 32));
  view.setUint32(20, session.expiresAt % 2 ** 32);
  bytes.set(fromHex(session.viewerId), 24);
  view.setUint16(32, session.maxShortSide);
  view.setUint16(34, session.minShortSide);
  return bytes;
}

function decodePayload(bytes: Bytes): Session {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    assetId: toHex(bytes.subarray(1, 17)) as AssetId,
    version: view.getUint16(17),
    expiresAt: view.getUint8(19) * 2 ** 32 + view.getUint32(20),
    viewerId: toHex(bytes.subarray(24, 32)),
    maxShortSide: view.getUint16(32),
    minShortSide: view.getUint16(34),
  };
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
