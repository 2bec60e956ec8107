import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PassingFault, withDeadline, withRetries } from './retry.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tries what passes again, a bounded number of times, with pauses that grow and scatter', async () => {
  const pauses: number[] = [];
  let lastMs = Date.now();
  const attempt = vi.fn(async () => {
    pauses.push(Date.now() - lastMs);
    lastMs = Date.now();
    throw new PassingFault('away');
  });
  const result = withRetries(attempt, { attempts: 4, baseMs: 100, random: () => 0.5 });
  const failure = expect(result).rejects.toThrow('away');
  await vi.runAllTimersAsync();
  await failure;
  expect(pauses).toEqual([0, 50, 100, 200]);
});

it('gives what an attempt gives', async () => {
  const attempt = vi.fn().mockRejectedValueOnce(new PassingFault('away')).mockResolvedValueOnce('bytes');
  const result = withRetries(attempt);
  await vi.runAllTimersAsync();
  expect(await result).toBe('bytes');
});

it('does not try again what will not pass', async () => {
  const attempt = vi.fn().mockRejectedValue(new Error('wrong key'));
  await expect(withRetries(attempt)).rejects.toThrow('wrong key');
  expect(attempt).toHaveBeenCalledTimes(1);
});

it('does not wait for ever, nor as long again', async () => {
  const late = expect(withDeadline(new Promise(() => undefined), 5_000)).rejects.not.toBeInstanceOf(PassingFault);
  await vi.advanceTimersByTimeAsync(5_000);
  await late;
  expect(await withDeadline(Promise.resolve('in time'), 5_000)).toBe('in time');
});
