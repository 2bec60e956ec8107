/** One packet of a transport stream (ISO/IEC 13818-1, 2.4.3). */
export interface TsPacket {
  /** In the piece. */
  readonly offset: number;
  readonly pid: number;
  /** A PES packet or a section begins in it. */
  readonly isStart: boolean;
  /** Of the PID's packets with a payload, in 4 bits. */
  readonly counter: number;
  /** The clock or the counter is said to start anew here. */
  readonly isBreak: boolean;
  readonly payload: Buffer;
  /** Of the program's clock, in ticks of 90 kHz. */
  readonly pcr?: number;
}

const [SYNC, PACKET_BYTES] = [0x47, 188];
const NULL_PID = 0x1fff;
/** Plain; with a time code before each packet (Blu-ray, AVCHD); with parity after it. */
const STRIDES = [188, 192, 204] as const;
const SYNCS = 4;
/** That a recording may begin with: in so many bytes ffmpeg looks for packets, to tell how long they are. */
const MAX_NOISE_BYTES = 8_192;

/** From one packet to the next; undefined where no regular sequence of them begins. */
export function findStride(head: Buffer): number | undefined {
  const begins = STRIDES.map((stride) => ({ stride, offset: findSync(head, 0, stride) }));
  const first = begins.reduce((best, begin) => (begin.offset < best.offset ? begin : best));
  const isThere = first.offset <= MAX_NOISE_BYTES && first.offset + SYNCS * first.stride <= head.length;
  return isThere ? first.stride : undefined;
}

/** The packets that are whole in a piece of a file, which may begin anywhere; damaged ones are left out. */
export function* readPackets(piece: Buffer, stride: number): Generator<TsPacket> {
  for (let offset = findSync(piece, 0, stride); offset + PACKET_BYTES <= piece.length; offset += stride) {
    if (piece[offset] !== SYNC) offset = findSync(piece, offset, stride);
    const packet = parsePacket(piece.subarray(offset, offset + PACKET_BYTES), offset);
    if (packet !== undefined) yield packet;
  }
}

/** Whether the packets follow one another as they were sent, none lost and none of another recording (2.4.3.3). */
export function areContinuous(packets: Iterable<TsPacket>): boolean {
  const counters = new Map<number, number>();
  for (const { pid, counter, isBreak, payload } of packets) {
    const before = counters.get(pid) ?? counter;
    const isDue = counter === before || (payload.length > 0 && counter === (before + 1) % 16);
    if (isBreak || (!isDue && pid !== NULL_PID)) return false;
    counters.set(pid, counter);
  }
  return true;
}

/** Where packets begin at or after `from`; the piece's length when nowhere. */
function findSync(piece: Buffer, from: number, stride: number): number {
  for (let offset = piece.indexOf(SYNC, from); offset >= 0; offset = piece.indexOf(SYNC, offset + 1)) {
    const isRegular = Array.from({ length: SYNCS }, (_, index) => piece[offset + index * stride]).every(
      (byte) => byte === SYNC || byte === undefined,
    );
    if (isRegular) return offset;
  }
  return piece.length;
}

function parsePacket(packet: Buffer, offset: number): TsPacket | undefined {
  if (packet.length < PACKET_BYTES) return undefined;
  const [, second = 0, third = 0, fourth = 0, adaptationBytes = 0] = packet;
  const hasAdaptation = (fourth & 0x20) !== 0;
  const payloadAt = hasAdaptation ? 5 + adaptationBytes : 4;
  if ((second & 0x80) !== 0 || payloadAt > PACKET_BYTES) return undefined;
  const flags = hasAdaptation && adaptationBytes > 0 ? packet.readUInt8(5) : 0;
  const hasPcr = adaptationBytes >= 7 && (flags & 0x10) !== 0;
  return {
    offset,
    pid: ((second & 0x1f) << 8) | third,
    isStart: (second & 0x40) !== 0,
    counter: fourth & 0x0f,
    isBreak: (flags & 0x80) !== 0,
    payload: packet.subarray((fourth & 0x10) === 0 ? PACKET_BYTES : payloadAt),
    // 33 bits: more than bitwise operators take.
    ...(hasPcr && { pcr: packet.readUInt32BE(6) * 2 + (packet.readUInt8(10) >> 7) }),
  };
}
