import { expect, it } from 'vitest';
import { createOnce } from './once.ts';

const waitUntil = (): void => undefined;

it('starts once for all who ask at the same time and later', async () => {
  const once = createOnce<{ readonly start: number }>();
  let starts = 0;
  const ask = () =>
    once(waitUntil, async () => {
      await Promise.resolve();
      starts += 1;
      return { start: starts };
    });
  const answers = [...(await Promise.all(Array.from({ length: 10 }, ask))), await ask()];
  expect(answers).toEqual(new Array(11).fill({ start: 1 }));
});

it('tells all who wait of a failure and starts again for the next', async () => {
  const once = createOnce<object>();
  const fail = () => once(waitUntil, () => Promise.reject(new Error('not yet')));
  expect((await Promise.allSettled([fail(), fail()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await once(waitUntil, async () => ({ isUp: true }))).toEqual({ isUp: true });
});
