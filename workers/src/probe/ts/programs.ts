import type { TsPacket } from './packets.ts';

/** A program of a transport stream by its PMT (ISO/IEC 13818-1, 2.4.4.9). */
export interface TsProgram {
  readonly number: number;
  /** PID of the packets that carry its clock. */
  readonly clockPid: number;
  /** `stream_type` by PID, in the PMT's order. */
  readonly streams: ReadonlyMap<number, number>;
}

/**
 * Of pictures and sound (ISO/IEC 13818-1, table 2-34; from 0x80 on those of Blu-ray and ATSC, but for 0x86, by which cable
 * marks its breaks), and the one under which DVB has AC-3 and subtitles.
 */
const MEDIA_TYPES: ReadonlySet<number> = new Set([
  ...[0x01, 0x02, 0x10, 0x1b, 0x24, 0x33, 0xea],
  ...[0x03, 0x04, 0x0f, 0x11, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x87],
  0x06,
]);

/** Whether a stream of this `stream_type` may be seen, heard or read. */
export const isMediaType = (type: number): boolean => MEDIA_TYPES.has(type);

const [PAT_PID, PAT_TABLE, PMT_TABLE] = [0, 0, 2];
const CRC_BYTES = 4;

/** The programs whose tables are in the packets, in the PAT's order, each as it is said first. */
export function findPrograms(packets: Iterable<TsPacket>): readonly TsProgram[] {
  const pmtPids = new Map<number, number>();
  const programs = new Map<number, TsProgram>();
  for (const [pid, section] of readSections(packets, (pid) => pid === PAT_PID || pmtPids.has(pid))) {
    if (pid === PAT_PID && section[0] === PAT_TABLE) for (const [pmtPid, number] of parsePat(section)) pmtPids.set(pmtPid, number);
    const program = pid !== PAT_PID && section[0] === PMT_TABLE ? parsePmt(section) : undefined;
    if (program !== undefined && !programs.has(program.number)) programs.set(program.number, program);
    if (programs.size > 0 && programs.size >= new Set(pmtPids.values()).size) break;
  }
  return [...pmtPids.values()].flatMap((number) => programs.get(number) ?? []);
}

/** Whole sections of the PIDs that are wanted. */
function* readSections(
  packets: Iterable<TsPacket>,
  isWanted: (pid: number) => boolean,
): Generator<readonly [pid: number, section: Buffer]> {
  const begun = new Map<number, Buffer>();
  for (const packet of packets) {
    const section = isWanted(packet.pid) ? collect(begun, packet) : undefined;
    if (section !== undefined) yield [packet.pid, section];
  }
}

/** The section that the packet completes, without its CRC; a long one is spread over several packets. */
function collect(sections: Map<number, Buffer>, { pid, isStart, payload }: TsPacket): Buffer | undefined {
  const begun = sections.get(pid);
  if (!isStart && begun === undefined) return undefined;
  // A pointer says where the section begins (2.4.4.1).
  const bytes = isStart ? payload.subarray(1 + (payload[0] ?? 0)) : Buffer.concat([begun ?? Buffer.alloc(0), payload]);
  const length = bytes.length < 3 ? Number.POSITIVE_INFINITY : 3 + (bytes.readUInt16BE(1) & 0x0fff);
  if (bytes.length < length) {
    sections.set(pid, bytes);
    return undefined;
  }
  // Done with, intact or not: a hostile file could go on with it, and every packet would be added to all before.
  sections.delete(pid);
  return isIntact(bytes.subarray(0, length)) ? bytes.subarray(0, length - CRC_BYTES) : undefined;
}

/** The remainder of a section with its CRC is 0 (annex A): of a damaged one, nothing is believed. */
function isIntact(section: Buffer): boolean {
  let remainder = -1;
  for (const byte of section) {
    remainder ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) remainder = remainder < 0 ? (remainder << 1) ^ 0x04c1_1db7 : remainder << 1;
  }
  return remainder === 0;
}

/** Program numbers by the PID of their PMT; number 0 is the network's own table. */
function parsePat(section: Buffer): readonly (readonly [pid: number, number: number])[] {
  const entries: (readonly [number, number])[] = [];
  for (let offset = 8; offset + 4 <= section.length; offset += 4) {
    const number = section.readUInt16BE(offset);
    if (number !== 0) entries.push([section.readUInt16BE(offset + 2) & 0x1fff, number]);
  }
  return entries;
}

function parsePmt(section: Buffer): TsProgram {
  const streams = new Map<number, number>();
  const uint16 = (offset: number): number => (offset + 2 <= section.length ? section.readUInt16BE(offset) : 0);
  for (let offset = 12 + (uint16(10) & 0x0fff); offset + 5 <= section.length; offset += 5 + (uint16(offset + 3) & 0x0fff)) {
    streams.set(uint16(offset + 1) & 0x1fff, section.readUInt8(offset));
  }
  return { number: uint16(3), clockPid: uint16(8) & 0x1fff, streams };
}
