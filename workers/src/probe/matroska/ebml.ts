/** Where an element of EBML (RFC 8794) begins: Matroska and WebM consist of such, one inside another. */
export interface ElementHeader {
  readonly id: number;
  readonly headerBytes: number;
  /** Undefined where the writer did not know: such an element ends where one that cannot be in it begins. */
  readonly dataBytes: number | undefined;
}

const MAX_ID_BYTES = 4;
export const MAX_HEADER_BYTES = 12;

/** Undefined where there is no header, or not the whole of one. */
export function parseElementHeader(bytes: Buffer, offset = 0): ElementHeader | undefined {
  const idBytes = vintBytes(bytes[offset]);
  if (idBytes === undefined || idBytes > MAX_ID_BYTES) return undefined;
  const size = parseVint(bytes, offset + idBytes);
  return size && { id: bytes.readUIntBE(offset, idBytes), headerBytes: idBytes + size.bytes, dataBytes: size.value };
}

/** What the elements with an ID hold, of those that follow one another from the first byte on and are whole. */
export function* readElements(bytes: Buffer, id: number): Generator<Buffer> {
  for (let offset = 0; ; ) {
    const header = parseElementHeader(bytes, offset);
    if (header?.dataBytes === undefined) return;
    const dataOffset = offset + header.headerBytes;
    offset = dataOffset + header.dataBytes;
    if (offset > bytes.length) return;
    if (header.id === id) yield bytes.subarray(dataOffset, offset);
  }
}

/** The first of those elements as an unsigned number: up to eight bytes. */
export function readNumber(bytes: Buffer, id: number): number | undefined {
  const [data] = readElements(bytes, id);
  return data === undefined || data.length > 8 ? undefined : data.reduce((value, byte) => value * 256 + byte, 0);
}

/** RFC 8794, 4: leading zeros tell the length; all ones is "unknown", here a `value` of undefined. */
export function parseVint(bytes: Buffer, offset: number): { readonly bytes: number; readonly value?: number } | undefined {
  const first = bytes[offset] ?? 0;
  const length = vintBytes(first);
  if (length === undefined || offset + length > bytes.length) return undefined;
  const limit = 2 ** (7 * length);
  let value = first - 2 ** (8 - length);
  for (let index = 1; index < length; index += 1) value = value * 256 + (bytes[offset + index] ?? 0);
  // Sizes beyond 2^53 lose their last bits here, and are as unknown as all ones.
  return value >= limit - 1 || !Number.isSafeInteger(value) ? { bytes: length } : { bytes: length, value };
}

const vintBytes = (first: number | undefined): number | undefined =>
  first === undefined || first === 0 ? undefined : Math.clz32(first) - 23;
