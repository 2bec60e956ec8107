import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type ChildSpec, type Exit, type LineSink, startChild } from '../process/child.ts';
import { keepTail } from '../process/tail.ts';

/** A service that runs as a child of this process. */
export interface RunningService {
  /** Connection string with credentials: for the environment of our own processes, not for logs. */
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Ends it in order: nothing that was written is lost. */
  stop(): Promise<void>;
}

/** How to run a service, and how to know that it serves. */
export interface ServicePlan {
  readonly spec: ChildSpec;
  readonly url: string;
  /** Resolves when one round trip succeeded, rejects otherwise. */
  readonly ping: () => Promise<void>;
}

const START_DEADLINE_MS = 60_000;
const POLL_MS = 50;

/** Starts the service and resolves when it answers; throws with the last lines of its output when it ends or stays silent. */
export async function startService(plan: ServicePlan, log: LineSink = () => undefined): Promise<RunningService> {
  const tail = keepTail(log);
  const child = await startChild(plan.spec, tail.add);
  try {
    await untilReady(plan, child);
  } catch (error) {
    await child.stop();
    throw new Error(`${plan.spec.name} did not start:\n${tail.text()}`, { cause: error });
  }
  return {
    url: plan.url,
    pid: child.pid,
    exited: child.exited,
    stop: async () => {
      await child.stop();
    },
  };
}

async function untilReady(plan: ServicePlan, child: Child): Promise<void> {
  let exit: Exit | undefined;
  child.exited.then((value) => {
    exit = value;
  });
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      return await plan.ping();
    } catch (error) {
      if (exit !== undefined) throw new Error(`ended with ${exit.signal ?? `code ${exit.code}`}`, { cause: error });
      if (Date.now() > deadline) throw new Error(`no answer within ${START_DEADLINE_MS / 1000} s`, { cause: error });
      await delay(POLL_MS);
    }
  }
}
