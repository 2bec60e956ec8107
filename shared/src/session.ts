import type { AssetId, PlaybackId } from './ids.ts';
import { type Bytes, decodeBase64Url, encodeBase64Url, type HmacKey, signBytes, verifyBytes } from './signed.ts';

/**
 * A playback session: what the edge hands out once a playback token was accepted, carried in the path of every media
 * URL. Verified without any look-up; relative segment URIs inherit it in every player. All that a viewer may not do is in it, because
 * segments are fetched with nothing else; and all that a revocation can name.
 */
export interface Session {
  readonly assetId: AssetId;
  readonly version: number;
  /** Unix seconds after which no byte is served. */
  readonly expiresAt: number;
  /** Names one viewer's session: 16 hex digits. */
  readonly viewerId: string;
  readonly playbackId: PlaybackId;
  /** The first 16 hex digits of the signing key's id; `NO_SIGNER` for a public playback id and for tokens of the edge itself. */
  readonly signerId: string;
  /** Largest and smallest short side in pixels that may be fetched; 0 is no limit. */
  readonly maxShortSide: number;
  readonly minShortSide: number;
  /** The part of the film that may be fetched; absent for all of it. */
  readonly clip?: ClipWindow;
}

/** A part of a film: exact times, and the segments that hold it, all counted from the film's start. Milliseconds. */
export interface ClipWindow {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  /** Where `firstSegment` begins: to players, who begin with it, the clip's 0. */
  readonly originMs: number;
  readonly firstSegment: number;
  /** Inclusive. */
  readonly lastSegment: number;
}

export const NO_SIGNER = '0'.repeat(16);
/** A signing key's id as sessions carry it. */
export const toSignerId = (keyId: string): string => keyId.slice(0, NO_SIGNER.length);

/** First byte; another layout takes another number. */
const LAYOUT = 2;
/** layout 1 · flags 1 · asset 16 · version 4 · expiresAt 5 · viewer 8 · playback id 16 · signer 8 · max 2 · min 2, big-endian. */
const BASE_BYTES = 63;
/** startMs 4 · endMs 4 · originMs 4 · firstSegment 4 · lastSegment 4 */
const CLIP_BYTES = 20;
const FLAG_CLIP = 1;
/** HMAC-SHA256 cut to 128 bits (RFC 2104 section 5 allows no less than half). Whole session: 106 characters, 132 with a clip. */
const MAC_BYTES = 16;
const MAX_LENGTH = 132;

export async function signSession(key: HmacKey, session: Session): Promise<string> {
  const payload = encodePayload(session);
  const mac = await signBytes(key, payload);
  const bytes = new Uint8Array(payload.length + MAC_BYTES);
  bytes.set(payload);
  bytes.set(mac.subarray(0, MAC_BYTES), payload.length);
  return encodeBase64Url(bytes);
}

/** The session, or undefined for anything forged, malformed or expired at `now` (Unix seconds). */
export async function verifySession(key: HmacKey, text: string, now: number): Promise<Session | undefined> {
  if (text.length > MAX_LENGTH) return undefined;
  const bytes = decodeBase64Url(text);
  if (bytes === undefined || bytes[0] !== LAYOUT || bytes.length !== payloadBytes(bytes[1]) + MAC_BYTES) return undefined;
  const payload = bytes.slice(0, -MAC_BYTES);
  if (!(await hasMac(key, payload, bytes.subarray(payload.length)))) return undefined;
  const session = decodePayload(payload);
  return session.expiresAt > now ? session : undefined;
}

const payloadBytes = (flags = 0): number => BASE_BYTES + (flags & FLAG_CLIP ? CLIP_BYTES : 0);

/**
 * `subtle.verify` wants the whole MAC and we carry half. Comparing MACs of the two halves under the same key is the
 * double-HMAC comparison: what leaks through timing is of a value the attacker cannot predict.
 */
async function hasMac(key: HmacKey, payload: Bytes, half: Uint8Array): Promise<boolean> {
  const expected = (await signBytes(key, payload)).slice(0, MAC_BYTES);
  return verifyBytes(key, expected, await signBytes(key, new Uint8Array(half)));
}

function encodePayload({ clip, ...session }: Session): Bytes {
  const flags = clip === undefined ? 0 : FLAG_CLIP;
  const bytes = new Uint8Array(payloadBytes(flags));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, LAYOUT);
  view.setUint8(1, flags);
  bytes.set(fromHex(session.assetId), 2);
  view.setUint32(18, session.version);
  view.setUint8(22, Math.floor(session.expiresAt / 2 ** 32));
  view.setUint32(23, session.expiresAt % 2 ** 32);
  bytes.set(fromHex(session.viewerId), 27);
  bytes.set(fromHex(session.playbackId), 35);
  bytes.set(fromHex(session.signerId), 51);
  view.setUint16(59, session.maxShortSide);
  view.setUint16(61, session.minShortSide);
  if (clip === undefined) return bytes;
  const { startMs, endMs, originMs, firstSegment, lastSegment } = clip;
  for (const [index, value] of [startMs, endMs, originMs, firstSegment, lastSegment].entries())
    view.setUint32(BASE_BYTES + 4 * index, value);
  return bytes;
}

function decodePayload(bytes: Bytes): Session {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const clipField = (index: number): number => view.getUint32(BASE_BYTES + 4 * index);
  return {
    assetId: toHex(bytes.subarray(2, 18)) as AssetId,
    version: view.getUint32(18),
    expiresAt: view.getUint8(22) * 2 ** 32 + view.getUint32(23),
    viewerId: toHex(bytes.subarray(27, 35)),
    playbackId: toHex(bytes.subarray(35, 51)) as PlaybackId,
    signerId: toHex(bytes.subarray(51, 59)),
    maxShortSide: view.getUint16(59),
    minShortSide: view.getUint16(61),
    ...(view.getUint8(1) & FLAG_CLIP && {
      clip: { startMs: clipField(0), endMs: clipField(1), originMs: clipField(2), firstSegment: clipField(3), lastSegment: clipField(4) },
    }),
  };
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
