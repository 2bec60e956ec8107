import { randomHex } from './ids.ts';

/** Where a request stands in a trace (W3C Trace Context). For logs alone: anybody may send any. */
export interface TraceContext {
  readonly traceId: string;
  /** Of the part of the trace that this process is. */
  readonly spanId: string;
  readonly isSampled: boolean;
  /** `tracestate` as it came. */
  readonly state?: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MAX_STATE_LENGTH = 512;
const MAX_STATE_MEMBERS = 32;
/** Section 3.3.1.3: key, `=`, printable value without comma or equals sign. */
const STATE_MEMBER = /^([a-z0-9][\w*/-]{0,255}(?:@[a-z][\w*/-]{0,13})?)=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;

/** Goes on with the trace that the headers name, as a new part of it; a new trace when they name none or not rightly. */
export function continueTrace(traceparent: string | undefined, tracestate: string | undefined): TraceContext {
  const parent = parseTraceparent(traceparent ?? '');
  const spanId = randomHex(8);
  if (parent === undefined) return { traceId: randomHex(16), spanId, isSampled: false };
  return { ...parent, spanId, ...(tracestate !== undefined && isTraceState(tracestate) && { state: tracestate }) };
}

export const stringifyTraceparent = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

/** Section 3.2: version 00 has these four fields; later ones may add some behind them. All zeros name nothing. */
export function parseTraceparent(text: string): Pick<TraceContext, 'traceId' | 'isSampled'> | undefined {
  const [, version, traceId = '', parentId = '', flags = '', rest] = TRACEPARENT.exec(text) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function isTraceState(text: string): boolean {
  const members = text.split(',').map((member) => member.trim());
  const keys = members.filter((member) => member !== '').map((member) => STATE_MEMBER.exec(member)?.[1]);
  const isWellFormed = keys.length > 0 && !keys.includes(undefined) && new Set(keys).size === keys.length;
  return isWellFormed && text.length <= MAX_STATE_LENGTH && members.length <= MAX_STATE_MEMBERS;
}
