import { Coalescer } from './coalesce.ts';
import type { WaitUntil } from './ports.ts';

/** What `start` resolves to; at once where it has. */
export type Once<T> = (waitUntil: WaitUntil, start: () => Promise<T>) => T | Promise<T>;

/**
 * Starts a thing for the first request and gives it to all that come meanwhile and later. Kept is the thing and not the promise of it:
 * a failure passes, and so does a first request that was torn down before it was through.
 */
export function createOnce<T extends object>(): Once<T> {
  const coalescer = new Coalescer<T>();
  let started: T | undefined;
  const startAndKeep = async (waitUntil: WaitUntil, start: () => Promise<T>): Promise<T> => {
    started ??= await coalescer.run('', waitUntil, start);
    return started;
  };
  return (waitUntil, start) => started ?? startAndKeep(waitUntil, start);
}
