import type { Findings } from '../findings.ts';
import type { Probe } from '../parse.ts';
import type { ReadAt } from '../read-at.ts';
import { surveyTs } from './clock.ts';
import { keepProgram, playedPids } from './keep-program.ts';
import { findStride, readPackets } from './packets.ts';
import { findPrograms } from './programs.ts';
import { warnOfTs } from './warnings.ts';

/** Tables come every half second at the latest (ETSI TR 101 290): enough at 30 Mbit/s. */
const HEAD_BYTES = 2_000_000;

/** What ffprobe does not say of a transport stream, from a few dozen places whatever its length. */
export async function examineTs(probe: Probe, readAt: ReadAt, sizeBytes: number): Promise<Findings> {
  const head = await readAt(0, HEAD_BYTES);
  const stride = findStride(head);
  if (stride === undefined) return { probe, warnings: [] };
  const programs = findPrograms(readPackets(head, stride));
  const [mainPid = Number.NaN] = playedPids(probe);
  const program = programs.find(({ streams }) => streams.has(mainPid));
  if (program === undefined) return { probe, warnings: [] };
  const { joinedSeconds, programs: places } = await surveyTs(readAt, sizeBytes, stride, program.clockPid);
  const later = places.flat().filter(({ streams }) => streams.has(mainPid));
  const tables = { program, later, programs, places };
  const kept = keepProgram(probe, tables);
  return { probe: kept, ...(joinedSeconds !== undefined && { joinedSeconds }), warnings: warnOfTs(probe, kept, tables) };
}
