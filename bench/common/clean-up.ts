import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CleanUp {
  /** A folder of the benchmark's own, removed last. */
  readonly directory: string;
  /** Registers what is to be undone, the latest first. */
  later(undo: () => Promise<void>): void;
}

/** Runs a benchmark and undoes whatever it started, also when it fails or is interrupted. */
export async function withCleanUp(run: (cleanUp: CleanUp) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'mediaflow-bench-'));
  const undos: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  const undoAll = async (): Promise<void> => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void undoAll().finally(() => process.exit(130)));
  // What is thrown in an event handler does not end `run`, and a platform left behind disturbs every later figure.
  process.once('uncaughtException', (error) => {
    console.error(error);
    void undoAll().finally(() => process.exit(1));
  });
  try {
    await run({ directory, later: (undo) => undos.push(undo) });
  } finally {
    await undoAll();
  }
}
