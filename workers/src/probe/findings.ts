import type { Warning } from '@mediaflow/shared/source';
import type { Probe } from './parse.ts';

/** What the file itself says beyond ffprobe. */
export interface Findings {
  /** Without the streams of other programs. */
  readonly probe: Probe;
  /** Of several recordings in one file, whose clock jumps: about how long they are in all. Only a copy of it can be continuous. */
  readonly joinedSeconds?: number;
  /** Indices of streams whose stated length is not that of what they hold. */
  readonly misstated?: readonly number[];
  readonly warnings: readonly Warning[];
}
