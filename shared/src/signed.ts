/**
 * Short binary or text payloads under HMAC-SHA256 (RFC 2104), with Web Crypto only, so that the edge, the origin and
 * the tests share one implementation. Verification is constant-time by `crypto.subtle.verify`.
 */

/** The platform's `CryptoKey`, which Node's types do not name globally. */
export type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Bytes backed by a plain ArrayBuffer, which is what Web Crypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Derives one key per purpose from the installation's secret (HKDF-SHA256, RFC 5869), so that a session can never be
 * passed off as a principal or an upload grant. Import once per process or isolate.
 */
export async function deriveHmacKey(secret: string, purpose: 'session' | 'principal' | 'grant' | 'user' | 'playback'): Promise<HmacKey> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: encoder.encode('mediaflow'), info: encoder.encode(purpose) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign', 'verify'],
  );
}

export async function signBytes(key: HmacKey, payload: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, payload));
}

export function verifyBytes(key: HmacKey, payload: Bytes, mac: Bytes): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, mac, payload);
}

/** `base64url(JSON).base64url(mac)`. The value must be plain JSON data. */
export async function signJson(key: HmacKey, value: unknown): Promise<string> {
  // The copy is for Workers' types, which do not say that encode() gives a plain ArrayBuffer.
  const payload = new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
  return `${encodeBase64Url(payload)}.${encodeBase64Url(await signBytes(key, payload))}`;
}

/** The value, or undefined for anything that this key did not sign. The caller parses its shape. */
export async function verifyJson(key: HmacKey, text: string): Promise<unknown> {
  const dot = text.indexOf('.');
  if (dot < 1 || text.length > 8192) return undefined;
  const payload = decodeBase64Url(text.slice(0, dot));
  const mac = decodeBase64Url(text.slice(dot + 1));
  if (payload === undefined || mac === undefined || !(await verifyBytes(key, payload, mac))) return undefined;
  return JSON.parse(new TextDecoder().decode(payload));
}

export function encodeBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Strict: only the canonical spelling is taken, so that unused bits of the last digit cannot make two spellings of one value. */
export function decodeBase64Url(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return encodeBase64Url(bytes) === text ? bytes : undefined;
}

export async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
