import type { Worker } from 'bullmq';
import type { Log } from '../log.ts';

export interface RestOptions {
  readonly canWork: (() => Promise<boolean>) | undefined;
  /** Between two looks whether it may go on. */
  readonly restMs: number;
  readonly log: Log;
}

/** Keeps a BullMQ worker from taking jobs while it could not do them. */
export interface Rest {
  /** One that cannot tell must not work either. */
  mayWork(): Promise<boolean>;
  begin(): void;
  /** Lets the worker run if it may work, and looks again later if not: also what it begins with. */
  end(): Promise<void>;
  /** It will not be woken any more. */
  close(): void;
}

export function createRest(worker: Pick<Worker, 'pause' | 'resume' | 'closing'>, { canWork, restMs, log }: RestOptions): Rest {
  let timer: NodeJS.Timeout | undefined;

  const mayWork = async (): Promise<boolean> => canWork === undefined || (await canWork().catch(() => false));
  const begin = (): void => {
    // Without waiting for the jobs that run: they may be what makes room.
    worker.pause(true).catch((err: unknown) => log.warn({ err }, 'queue not paused'));
    timer ??= setTimeout(end, restMs);
  };
  const end = async (): Promise<void> => {
    const isAwake = await mayWork();
    timer = undefined;
    if (worker.closing !== undefined) return;
    if (!isAwake) return begin();
    worker.resume().catch((err: unknown) => log.warn({ err }, 'queue not resumed'));
  };
  return { mayWork, begin, end, close: () => clearTimeout(timer) };
}
