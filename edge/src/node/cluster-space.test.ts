import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { CacheSpace } from './cache-space.ts';
import { createRemoteSpace, type Line, serveSpace } from './cluster-space.ts';

/** Two ends of a line; what one sends the other hears, in another turn and as a copy. */
function connect(): readonly [Line, Line] {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  const lineOf = (own: EventEmitter, other: EventEmitter): Line => ({
    send: (message) => setImmediate(() => other.emit('message', structuredClone(message))),
    onMessage: (listener) => void own.on('message', listener),
  });
  return [lineOf(a, b), lineOf(b, a)];
}

function startCluster() {
  const [worker, primary] = connect();
  const space = {
    reserve: vi.fn(async (name: string) => name !== 'full'),
    commit: vi.fn(),
    remove: vi.fn(),
    touch: vi.fn(),
  } satisfies CacheSpace;
  return { space, remote: createRemoteSpace(worker), forget: serveSpace(primary, space) };
}

it('asks the primary, and hears its answer to each question', async () => {
  const { space, remote } = startCluster();
  expect(await Promise.all([remote.reserve('a', 1), remote.reserve('full', 2), remote.reserve('b', 3)])).toEqual([true, false, true]);
  remote.commit('a');
  remote.remove('b');
  remote.touch('a');
  await expect.poll(() => space.touch).toHaveBeenCalledWith('a');
  expect([space.commit.mock.calls, space.remove.mock.calls]).toEqual([[['a']], [['b']]]);
});

it('gives back what a dead worker was writing, and nothing else', async () => {
  const { space, remote, forget } = startCluster();
  for (const name of ['written', 'open', 'full']) await remote.reserve(name, 1);
  remote.commit('written');
  await expect.poll(() => space.commit).toHaveBeenCalled();
  forget();
  expect(space.remove.mock.calls).toEqual([['open']]);
});
