import type { Log } from '@mediaflow/platform/log';

export interface Periodic {
  /** Runs the task now, or once more right after the run that is going on. */
  kick(): void;
  /** No further run; resolves when the one under way has ended. */
  close(): Promise<void>;
}

/** Runs `task` at once and then every `everyMs`, never twice at a time. A failure is logged and tried again at the next turn. */
export function runPeriodically(name: string, everyMs: number, task: () => Promise<void>, log: Log): Periodic {
  let running: Promise<void> | undefined;
  let isKicked = false;
  let isClosed = false;

  async function loop(): Promise<void> {
    do {
      isKicked = false;
      await task().catch((error: unknown) => log.warn({ err: error, task: name }, 'periodic task failed'));
    } while (isKicked && !isClosed);
    running = undefined;
  }
  function kick(): void {
    isKicked = true;
    if (!isClosed) running ??= loop();
  }

  const timer = setInterval(kick, everyMs);
  kick();
  return {
    kick,
    async close() {
      isClosed = true;
      clearInterval(timer);
      await running;
    },
  };
}
