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
  /** When the pictures are shown, ascending: where the file's index tells, and they come unevenly. */
  readonly pictureSeconds?: readonly number[];
  /** An index of fragments leaves out a track: only a copy without it can be sought in. */
  readonly isIndexedInPart?: boolean;
  readonly warnings: readonly Warning[];
}
