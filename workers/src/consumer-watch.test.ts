import type { Consumer, JobCounts } from '@mediaflow/platform/queue';
import { AppError } from '@mediaflow/shared/errors';
import { afterEach, expect, test } from 'vitest';
import { type ConsumerWatch, watchConsumers } from './consumer-watch.ts';

const QUICK = { deafAfterMs: 100, lookEveryMs: 5 };
let watch: ConsumerWatch | undefined;
afterEach(() => watch?.close());

const consumer = (state: Consumer['state']): Consumer => ({ state, close: async () => undefined });
const free = consumer(() => ({ taken: 7, running: 0, isOpen: true }));
const NOTHING: JobCounts = { waiting: 0, delayed: 0, active: 0 };

test('names the queue that is not served, once it has waited long enough', async () => {
  let looks = 0;
  const countJobs = async ({ name }: { readonly name: string }) => {
    looks += 1;
    return { waiting: name === 'encode' ? 3 : 0, delayed: 0, active: 0 };
  };
  watch = watchConsumers(
    new Map([
      ['probe', free],
      ['encode', free],
    ]),
    { countJobs },
    QUICK,
  );
  expect(watch.findFault()).toBeUndefined();
  const fault = await watch.deaf;
  expect(fault).toMatch(/^The queue encode has had work/);
  expect(watch.findFault()).toBe(fault);
  expect(looks).toBeGreaterThan(2);
});

test.each([
  { what: 'a consumer that takes jobs', state: countingUp(), waiting: 9, delayed: 0 },
  { what: 'jobs that wait out a backoff', state: free.state, waiting: 9, delayed: 9 },
])('$what is no fault, nor is a Redis that is away', async ({ state, waiting, delayed }) => {
  let looks = 0;
  const countJobs = async () => {
    looks += 1;
    if (looks % 10 === 0) throw new AppError('unavailable', 'Redis does not answer.');
    return { waiting, delayed, active: 0 };
  };
  watch = watchConsumers(new Map([['encode', consumer(state)]]), { countJobs }, QUICK);
  // Ten times as many looks as it takes to find a deaf one.
  await expect.poll(() => looks).toBeGreaterThan(200);
  expect(watch.findFault()).toBeUndefined();
});

test('looks no more once it is closed, in the middle of a look too', async () => {
  const answer = Promise.withResolvers<JobCounts>();
  let looks = 0;
  const countJobs = () => {
    looks += 1;
    return answer.promise;
  };
  const closed = watchConsumers(new Map([['encode', free]]), { countJobs }, QUICK);
  await expect.poll(() => looks).toBe(1);
  closed.close();
  answer.resolve(NOTHING);
  // Whose looks are the clock.
  let looksOfAnother = 0;
  const countAnother = async () => {
    looksOfAnother += 1;
    return NOTHING;
  };
  watch = watchConsumers(new Map([['encode', free]]), { countJobs: countAnother }, QUICK);
  await expect.poll(() => looksOfAnother).toBeGreaterThan(20);
  expect(looks).toBe(1);
});

function countingUp(): Consumer['state'] {
  let taken = 0;
  return () => {
    taken += 1;
    return { taken, running: 0, isOpen: true };
  };
}
