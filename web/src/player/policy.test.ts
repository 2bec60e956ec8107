import { MAX_SEGMENT_WAIT_MS } from '@mediaflow/shared/internal';
import type { RetryConfig } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { createHlsConfig, isWorthRetrying } from './policy.ts';

describe('isWorthRetrying', () => {
  it.each([0, 408, 412, 429, 500, 502, 503, 504])('%i: yes', (status) => expect(isWorthRetrying(status)).toBe(true));
  it.each([200, 400, 401, 403, 404, 410, 416])('%i: no', (status) => expect(isWorthRetrying(status)).toBe(false));
});

describe('createHlsConfig', () => {
  const waits: number[] = [];
  const config = createHlsConfig((status) => waits.push(status));
  const policies = { frag: config.fragLoadPolicy, playlist: config.playlistLoadPolicy, manifest: config.manifestLoadPolicy };

  it.each(Object.entries(policies))('%s requests are tried once a second for minutes', (_, policy) => {
    const retry = policy?.default.errorRetry;
    expect(retry).toMatchObject({ maxRetryDelayMs: 1000 });
    expect(retry?.retryDelayMs).toBeLessThanOrEqual(1000);
    expect(retry?.maxNumRetry).toBeGreaterThanOrEqual(300);
    expect(policy?.default.timeoutRetry?.maxNumRetry).toBeGreaterThanOrEqual(300);
  });

  it('the first picture of a film just sent in is not held up by long pauses', () => {
    expect(policies.manifest?.default.errorRetry?.retryDelayMs).toBeLessThanOrEqual(250);
  });

  it('outlasts the longest time that the edge holds a request for a segment in the making', () => {
    expect(policies.frag?.default.maxTimeToFirstByteMs).toBeGreaterThan(MAX_SEGMENT_WAIT_MS);
  });

  const decide = (status: number, retryCount: number, isTimeout = false): boolean => {
    const retry = config.fragLoadPolicy?.default.errorRetry as RetryConfig;
    return retry.shouldRetry?.(retry, retryCount, isTimeout, { url: 'x', code: status }, false) ?? false;
  };

  it('asks again for a segment in the making, and says so', () => {
    waits.length = 0;
    expect([decide(503, 0), decide(412, 50), decide(0, 200)]).toEqual([true, true, true]);
    expect(waits).toEqual([503, 412, 0]);
  });

  it('gives up at once on an answer that will not change, and after all patience', () => {
    waits.length = 0;
    expect([decide(403, 0), decide(404, 0), decide(503, 3600)]).toEqual([false, false, false]);
    expect(waits).toEqual([]);
  });

  it('asks again after a timeout, whatever its status', () => expect(decide(200, 0, true)).toBe(true));
});
