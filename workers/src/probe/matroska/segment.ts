import { parseElementHeader } from './ebml.ts';
import { SEGMENT } from './ids.ts';

export interface MatroskaSegment {
  /** In the file. */
  readonly dataOffset: number;
  /** Undefined where the writer did not know: a live recording. */
  readonly dataBytes: number | undefined;
}

/** What comes after the EBML header and holds everything else (RFC 8794, 8.1; RFC 9559, 4.5). */
export function parseSegment(head: Buffer): MatroskaSegment | undefined {
  const ebml = parseElementHeader(head);
  if (ebml?.dataBytes === undefined) return undefined;
  const offset = ebml.headerBytes + ebml.dataBytes;
  const segment = parseElementHeader(head, offset);
  return segment?.id === SEGMENT ? { dataOffset: offset + segment.headerBytes, dataBytes: segment.dataBytes } : undefined;
}
