import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { answerFromNetwork } from './src/testing/network-origin.ts';

/** Every test of the edge runs inside workerd, with its real Cache API and an R2 bucket. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      main: './src/index.ts',
      miniflare: {
        compatibilityDate: '2026-08-01',
        compatibilityFlags: ['enable_request_signal'],
        // `TEST_MEDIA` and not `MEDIA`: the worker itself is to pull from the origin.
        r2Buckets: ['TEST_MEDIA'],
        bindings: { ORIGIN_URL: 'http://origin.test', MEDIAFLOW_SECRET: 'a test secret of more than 32 characters' },
        outboundService: answerFromNetwork,
      },
    }),
  ],
  test: {
    name: 'edge',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    exclude: ['src/node/**'],
    setupFiles: ['../e2e/compare-bytes.ts'],
    // As a deployed isolate serves one request after the other. To load everything anew for each file is two thirds of the time.
    isolate: false,
    // On a machine that may be busy.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
