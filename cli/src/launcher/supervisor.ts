import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type ChildSpec, type Exit, startChild } from '../process/child.ts';
import { keepTail } from '../process/tail.ts';
import { nextRestartDelay } from './restart-backoff.ts';
import { type Patience, watchAnswers } from './watch-answers.ts';

/** A child to keep running. */
export interface Part {
  readonly name: string;
  /** Asked before each start, so that a start may first clear what the last one left. */
  readonly plan: () => Promise<{ readonly spec: ChildSpec; readonly ping: () => Promise<void> }>;
  /** When a part that runs but no longer answers is replaced; never when absent. */
  readonly patience?: Patience;
}

export interface SupervisorLog {
  /** A line the child wrote. */
  line(text: string): void;
  /** What the supervisor has to say of it. */
  notice(text: string): void;
}

export interface Supervised {
  readonly name: string;
  /** Settles when the part answered for the first time; rejects when it gave up before. */
  readonly ready: Promise<void>;
  pid(): number | undefined;
  /** Ends the part and stops restarting it; harmless when repeated. */
  stop(): Promise<void>;
}

/** A part that crashes this often before its first answer will not come up by itself. */
const MAX_START_CRASHES = 3;

export function supervise(part: Part, log: SupervisorLog): Supervised {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  // A caller that stops before it awaits `ready` must not see an unhandled rejection.
  first.promise.catch(() => undefined);
  let child: Child | undefined;
  let hasServed = false;
  const tail = keepTail(log.line);

  async function runOnce(): Promise<{ exit: Exit; uptimeMs: number }> {
    const { spec, ping } = await part.plan();
    if (stopping.signal.aborted) return { exit: { code: 0, signal: null }, uptimeMs: 0 };
    const started = await startChild(spec, tail.add);
    child = started;
    const over = new AbortController();
    const watch = watchAnswers(started.pid, ping, over.signal, {
      onFirst() {
        hasServed = true;
        first.resolve();
      },
      onSilent: started.kill,
      ...(part.patience !== undefined && { patience: part.patience }),
    });
    const exit = await started.exited;
    over.abort();
    child = undefined;
    const servingSince = await watch;
    return { exit, uptimeMs: servingSince === undefined ? 0 : Date.now() - servingSince };
  }

  async function keepRunning(): Promise<void> {
    let delayMs = 0;
    let startCrashes = 0;
    while (!stopping.signal.aborted) {
      const outcome = await runOnce().catch((error: unknown) => ({ exit: toExit(error, log), uptimeMs: 0 }));
      if (stopping.signal.aborted) break;
      startCrashes += 1;
      if (!hasServed && startCrashes >= MAX_START_CRASHES) {
        first.reject(new Error(`${part.name} does not start (${describeExit(outcome.exit)}):\n${tail.text()}`));
        break;
      }
      delayMs = nextRestartDelay(delayMs, outcome.uptimeMs);
      log.notice(`ended (${describeExit(outcome.exit)}); starting it again in ${delayMs} ms`);
      await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    first.reject(new Error(`${part.name} was stopped before it served`));
  }

  const finished = keepRunning();
  return {
    name: part.name,
    ready: first.promise,
    pid: () => child?.pid,
    async stop() {
      stopping.abort();
      await child?.stop();
      await finished;
    },
  };
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}

function toExit(error: unknown, log: SupervisorLog): Exit {
  log.notice(error instanceof Error ? error.message : String(error));
  return { code: 1, signal: null };
}
