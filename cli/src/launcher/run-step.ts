import { type ChildSpec, startChild } from '../process/child.ts';
import { keepTail } from '../process/tail.ts';
import { describeExit } from './supervisor.ts';

/** Runs a program to its end. Throws with the last lines of its output when it fails. */
export async function runStep(
  spec: Omit<ChildSpec, 'stopSignal' | 'stopGraceMs'>,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const tail = keepTail(onLine);
  const child = await startChild({ ...spec, stopSignal: 'SIGTERM', stopGraceMs: 5_000 }, tail.add);
  const abort = () => void child.stop();
  signal?.addEventListener('abort', abort);
  const exit = await child.exited;
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  if (exit.code !== 0) throw new Error(`${spec.name} failed (${describeExit(exit)}):\n${tail.text()}`);
}
