import type { ReadAt } from '../read-at.ts';
import { areContinuous, readPackets, type TsPacket } from './packets.ts';
import { findPrograms, type TsProgram } from './programs.ts';

export interface TsSurvey {
  /** Only where the program's clock jumps: how long it runs in all, as near as can be told. */
  readonly joinedSeconds?: number;
  /** The programs of each place that tells them, in the places' order. */
  readonly programs: readonly (readonly TsProgram[])[];
}

/** So many that a jump ahead of half a minute in an hour is seen, and so few that it takes some dozen milliseconds, whatever the length. */
const PLACES = 64;
/** The longest that a clock is silent (ISO/IEC 13818-1, 2.7.2). */
const SILENCE_SECONDS = 0.1;
/** At 5 Mbit/s a clock is in it. */
const PLACE_BYTES = 65_536;
/** Keyframes of 4K are as large, and some clocks stand before pictures only: marks nearer to each other than this have nothing between them. */
const LOOK_BYTES = 524_288;
/** To find the place of a jump takes about four. Bounds what a clock that is nothing but jumps costs. */
const MAX_LOOKS = 128;
const TICKS_PER_SECOND = 90_000;
const WRAP_TICKS = 2 ** 33;
/** As ffmpeg has it: a shorter gap is a loss on the way, and the clock tells its length. */
const JUMP_SECONDS = 10;
/** ffmpeg closes no shorter jump back. */
const OVERLAP_SECONDS = 0.1;
/** How much longer than by its bytes a stretch may be before it is looked into. */
const SLACK = 1.25;

/** What a few dozen places of a transport stream tell of the program whose clock is on `clockPid`. */
export async function surveyTs(readAt: ReadAt, sizeBytes: number, stride: number, clockPid: number): Promise<TsSurvey> {
  const marks: ClockMark[] = [];
  const programs: (readonly TsProgram[])[] = [];
  for (const offset of placesOf(sizeBytes)) {
    const packets = [...readPackets(await readAt(offset, PLACE_BYTES), stride)];
    // Places overlap in a small file.
    const reached = marks.at(-1)?.offset ?? -1;
    marks.push(...marksOf(packets, offset, clockPid).filter((mark) => mark.offset > reached));
    const told = findPrograms(packets);
    if (told.length > 0) programs.push(told);
  }
  let looks = 0;
  const look = async (offset: number): Promise<Look> => {
    looks += 1;
    const packets = looks > MAX_LOOKS ? [] : [...readPackets(await readAt(offset, LOOK_BYTES), stride)];
    return { marks: marksOf(packets, offset, clockPid), isContinuous: areContinuous(packets) };
  };
  const spans = spansOf(marks);
  const { seconds, isJoined } = await measure(spans, paceOf(spans), look);
  return { ...(isJoined && { joinedSeconds: seconds }), programs };
}

/** Side by side in a small file; the last one ends with the file. */
function placesOf(sizeBytes: number): readonly number[] {
  const last = Math.max(0, sizeBytes - PLACE_BYTES);
  const count = Math.min(PLACES, Math.ceil(last / PLACE_BYTES));
  return [...Array.from({ length: count }, (_, index) => Math.round((index * last) / count)), last];
}

/** What the program's clock shows at some place of the file. */
interface ClockMark {
  readonly offset: number;
  readonly ticks: number;
}

const marksOf = (packets: readonly TsPacket[], pieceOffset: number, clockPid: number): readonly ClockMark[] =>
  packets.flatMap(({ pid, offset, pcr }) => (pid === clockPid && pcr !== undefined ? [{ offset: pieceOffset + offset, ticks: pcr }] : []));

interface ClockSpan {
  readonly from: ClockMark;
  readonly to: ClockMark;
  readonly bytes: number;
  /** Negative where the clock goes back. */
  readonly seconds: number;
}

const spansOf = (marks: readonly ClockMark[]): readonly ClockSpan[] =>
  marks.slice(1).flatMap((to, index) => {
    const from = marks[index];
    return from === undefined ? [] : [{ from, to, bytes: to.offset - from.offset, seconds: secondsBetween(from, to) }];
  });

/** 33 bits overflow once in 26.5 hours. */
function secondsBetween(from: ClockMark, to: ClockMark): number {
  const ticks = (to.ticks - from.ticks + WRAP_TICKS) % WRAP_TICKS;
  return (ticks > WRAP_TICKS / 2 ? ticks - WRAP_TICKS : ticks) / TICKS_PER_SECOND;
}

/** Seconds that a byte usually stands for. */
function paceOf(spans: readonly ClockSpan[]): number {
  const paces = spans.map(({ bytes, seconds }) => seconds / bytes).toSorted((a, b) => a - b);
  return paces[Math.floor(paces.length / 2)] ?? 0;
}

interface Look {
  readonly marks: readonly ClockMark[];
  readonly isContinuous: boolean;
}

interface Measured {
  readonly seconds: number;
  readonly isJoined: boolean;
}

async function measure(spans: readonly ClockSpan[], secondsPerByte: number, look: (offset: number) => Promise<Look>): Promise<Measured> {
  let [seconds, isJoined] = [0, false];
  for (const span of spans) {
    const measured = await measureSpan(span, secondsPerByte, look);
    seconds += measured.seconds;
    isJoined ||= measured.isJoined;
  }
  return { seconds, isJoined };
}

/**
 * A stretch that is too long for its bytes is one of few bytes, as of a still, or has a jump in it. Clocks that stand side by
 * side and tell different times are no jump either where the packets' counters go on: no picture came for so long.
 */
async function measureSpan(span: ClockSpan, secondsPerByte: number, look: (offset: number) => Promise<Look>): Promise<Measured> {
  const { from, to, bytes, seconds } = span;
  const usualSeconds = secondsPerByte * bytes;
  const isBack = seconds < -OVERLAP_SECONDS;
  if (!isBack && seconds - SLACK * usualSeconds <= JUMP_SECONDS) return { seconds, isJoined: false };
  const { marks, isContinuous } = await look(Math.max(0, from.offset + Math.floor((bytes - LOOK_BYTES) / 2)));
  const between = marks.filter(({ offset }) => offset > from.offset && offset < to.offset);
  if (between.length > 0) return measure(spansOf([from, ...between, to]), secondsPerByte, look);
  const isNear = bytes < LOOK_BYTES;
  if (!isBack && (!isNear || isContinuous)) return { seconds, isJoined: false };
  return { seconds: isNear ? Math.min(usualSeconds, SILENCE_SECONDS) : usualSeconds, isJoined: true };
}
