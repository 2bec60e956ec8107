import type { CacheSpace } from './cache-space.ts';

/**
 * Several processes fill one folder, so one of them keeps its books: the primary. The others ask it, by the messages of
 * `node:cluster`, before they write a file and tell it what became of it.
 */
export type SpaceCall =
  | { readonly type: 'cache:reserve'; readonly id: number; readonly name: string; readonly sizeBytes: number }
  | { readonly type: 'cache:commit' | 'cache:remove' | 'cache:touch'; readonly name: string };

export interface SpaceReply {
  readonly type: 'cache:reserved';
  readonly id: number;
  readonly isReserved: boolean;
}

/** One end of the line between two processes: a `cluster.Worker` in the primary, `process` in a worker. */
export interface Line {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The worker's side, over its own line. */
export const connectSpace = (): CacheSpace =>
  createRemoteSpace({ send: (message) => void process.send?.(message), onMessage: (listener) => void process.on('message', listener) });

export function createRemoteSpace(primary: Line): CacheSpace {
  const waiting = new Map<number, (isReserved: boolean) => void>();
  let lastId = 0;
  const send = (call: SpaceCall): void => primary.send(call);
  primary.onMessage((message) => {
    if (!isOfType<SpaceReply>(message, ['cache:reserved'])) return;
    waiting.get(message.id)?.(message.isReserved);
    waiting.delete(message.id);
  });
  return {
    reserve(name, sizeBytes) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ type: 'cache:reserve', id, name, sizeBytes });
      });
    },
    commit: (name) => send({ type: 'cache:commit', name }),
    remove: (name) => send({ type: 'cache:remove', name }),
    touch: (name) => send({ type: 'cache:touch', name }),
  };
}

/** The primary's side. Returns what to do when the worker has died: what it was writing will never be finished. */
export function serveSpace(worker: Line, space: CacheSpace): () => void {
  const open = new Set<string>();
  worker.onMessage(async (message) => {
    if (!isOfType<SpaceCall>(message, ['cache:reserve', 'cache:commit', 'cache:remove', 'cache:touch'])) return;
    if (message.type === 'cache:reserve') {
      const isReserved = await space.reserve(message.name, message.sizeBytes);
      if (isReserved) open.add(message.name);
      worker.send({ type: 'cache:reserved', id: message.id, isReserved } satisfies SpaceReply);
      return;
    }
    if (message.type === 'cache:touch') return space.touch(message.name);
    open.delete(message.name);
    if (message.type === 'cache:commit') space.commit(message.name);
    else space.remove(message.name);
  });
  return () => {
    for (const name of open) space.remove(name);
  };
}

function isOfType<T extends { readonly type: string }>(message: unknown, types: readonly T['type'][]): message is T {
  return typeof message === 'object' && message !== null && 'type' in message && types.includes(message.type as T['type']);
}
