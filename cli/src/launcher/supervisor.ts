import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type ChildSpec, type Exit, startChild } from '../process/child.ts';
import { nextRestartDelay } from './restart-backoff.ts';

/** A child to keep running. */
export interface Part {
  readonly name: string;
  /** Asked before each start, so that a start may first clear what the last one left. */
  readonly plan: () => Promise<{ readonly spec: ChildSpec; readonly ping: () => Promise<void> }>;
  /** A part that runs but has stopped answering for this long is replaced; never when absent. */
  readonly replaceWhenSilentMs?: number;
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

const POLL_MS = 100;
const WATCH_MS = 500;
/** A part that crashes this often before its first answer will not come up by itself. */
const MAX_START_CRASHES = 3;

export function supervise(part: Part, log: SupervisorLog): Supervised {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  // A caller that stops before it awaits `ready` must not see an unhandled rejection.
  first.promise.catch(() => undefined);
  let child: Child | undefined;
  let hasServed = false;

  async function runOnce(): Promise<{ exit: Exit; uptimeMs: number }> {
    const { spec, ping } = await part.plan();
    if (stopping.signal.aborted) return { exit: { code: 0, signal: null }, uptimeMs: 0 };
    const started = await startChild(spec, log.line);
    child = started;
    const over = new AbortController();
    const watch = watchAnswers(ping, over.signal, {
      onFirst() {
        hasServed = true;
        first.resolve();
      },
      onSilent: started.kill,
      ...(part.replaceWhenSilentMs !== undefined && { silentMs: part.replaceWhenSilentMs }),
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
        first.reject(new Error(`${part.name} does not start (${describeExit(outcome.exit)})`));
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

interface Watcher {
  readonly onFirst: () => void;
  readonly onSilent: () => void;
  readonly silentMs?: number;
}

/** Polls until the child has ended. Resolves to the time of the first answer, undefined when there was none. */
async function watchAnswers(ping: () => Promise<void>, over: AbortSignal, watcher: Watcher): Promise<number | undefined> {
  let servingSince: number | undefined;
  let lastAnswer = 0;
  while (!over.aborted) {
    const isAnswering = await ping().then(
      () => true,
      () => false,
    );
    if (over.aborted) break;
    if (isAnswering) {
      if (servingSince === undefined) watcher.onFirst();
      lastAnswer = Date.now();
      servingSince ??= lastAnswer;
    } else if (servingSince !== undefined && Date.now() - lastAnswer > (watcher.silentMs ?? Number.POSITIVE_INFINITY)) {
      watcher.onSilent();
      break;
    }
    if (servingSince !== undefined && watcher.silentMs === undefined) break;
    await delay(servingSince === undefined ? POLL_MS : WATCH_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return servingSince;
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}

function toExit(error: unknown, log: SupervisorLog): Exit {
  log.notice(error instanceof Error ? error.message : String(error));
  return { code: 1, signal: null };
}
