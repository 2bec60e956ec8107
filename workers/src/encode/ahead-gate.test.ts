import { expect, test } from 'vitest';
import { createAheadGate } from './ahead-gate.ts';

const LONG_MS = 60_000;
const never = new AbortController().signal;

/** Work that says when it begins and ends when told to. */
function createWork(name: string, began: string[]) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    run: () => {
      began.push(name);
      return promise;
    },
    end: () => resolve(name),
  };
}
/** Lets everything that can go on do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what is waited for runs at once, and what is ahead only after it, in order and few at a time', async () => {
  const gate = createAheadGate({ places: 1, patienceMs: LONG_MS });
  const began: string[] = [];
  const [first, second, third, fourth] = ['first', 'second', 'third', 'fourth'].map((name) => createWork(name, began));
  const passes = [
    gate.passWaitedFor(first?.run ?? fail, never),
    gate.passAhead(second?.run ?? fail, never),
    gate.passAhead(third?.run ?? fail, never),
    gate.passWaitedFor(fourth?.run ?? fail, never),
  ];
  await settle();
  expect(began).toEqual(['first', 'fourth']);
  first?.end();
  await settle();
  expect(began).toEqual(['first', 'fourth']);
  fourth?.end();
  await settle();
  expect(began).toEqual(['first', 'fourth', 'second']);
  second?.end();
  await settle();
  expect(began).toEqual(['first', 'fourth', 'second', 'third']);
  third?.end();
  expect(await Promise.all(passes)).toEqual(['first', 'second', 'third', 'fourth']);
});

test('patience ends, and what is ahead is left undone', async () => {
  const gate = createAheadGate({ places: 1, patienceMs: 1 });
  const began: string[] = [];
  const busy = createWork('busy', began);
  const passing = gate.passWaitedFor(busy.run, never);
  expect(await gate.passAhead(fail, never)).toBeUndefined();
  busy.end();
  await passing;
  expect(await gate.passAhead(async () => 'next', never)).toBe('next');
});

test('what nobody waits for any more keeps nothing else out', async () => {
  const gate = createAheadGate({ places: 1, patienceMs: LONG_MS });
  const began: string[] = [];
  const [left, wanted, next] = ['left', 'wanted', 'next'].map((name) => createWork(name, began));
  const leaving = new AbortController();
  const passes = [
    gate.passWaitedFor(left?.run ?? fail, leaving.signal),
    gate.passWaitedFor(wanted?.run ?? fail, never),
    gate.passAhead(next?.run ?? fail, never),
  ];
  leaving.abort();
  left?.end();
  await settle();
  expect(began).toEqual(['left', 'wanted']);
  wanted?.end();
  next?.end();
  expect(await Promise.all(passes)).toEqual(['left', 'wanted', 'next']);
});

test('who is told to stop leaves, and takes no place', async () => {
  const gate = createAheadGate({ places: 1, patienceMs: LONG_MS });
  const began: string[] = [];
  const busy = createWork('busy', began);
  const passing = gate.passWaitedFor(busy.run, never);
  const stop = new AbortController();
  const stopped = gate.passAhead(fail, stop.signal);
  stop.abort(new Error('stop now'));
  await expect(stopped).rejects.toThrow('stop now');
  await expect(gate.passAhead(fail, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  busy.end();
  await passing;
  expect(await gate.passAhead(async () => 'next', never)).toBe('next');
});

test('work that fails makes room', async () => {
  const gate = createAheadGate({ places: 1, patienceMs: LONG_MS });
  await expect(gate.passAhead(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  await expect(gate.passWaitedFor(() => Promise.reject(new Error('broken')), never).catch(() => 'caught')).resolves.toBe('caught');
  expect(await gate.passAhead(async () => 'next', never)).toBe('next');
});

const fail = (): Promise<never> => Promise.reject(new Error('must not run'));
