import { expect, test } from 'vitest';
import { createFlusher } from './flusher.ts';

const MB = 1024 * 1024;

test('flushes each 32 MB, one flush at a time, and outlives a disk that fails', async () => {
  const flushes: PromiseWithResolvers<void>[] = [];
  const countWritten = createFlusher({
    datasync() {
      const flush = Promise.withResolvers<void>();
      flushes.push(flush);
      return flush.promise;
    },
  });
  for (let count = 0; count < 31; count += 1) countWritten(MB);
  expect(flushes).toHaveLength(0);
  countWritten(MB);
  expect(flushes).toHaveLength(1);
  countWritten(100 * MB);
  expect(flushes).toHaveLength(1);
  flushes[0]?.reject(new Error('the disk fails'));
  const flushesAfterAnother = (): number => {
    countWritten(0);
    return flushes.length;
  };
  await expect.poll(flushesAfterAnother).toBe(2);
});
