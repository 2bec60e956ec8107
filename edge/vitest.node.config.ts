import { defineConfig } from 'vitest/config';

/** The same tests in Node, where the edge runs without Cloudflare, but for those of workerd's own parts; and those of the server. */
export default defineConfig({
  test: {
    name: 'edge-node',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    exclude: [
      'src/index.test.ts',
      'src/cloudflare-client.test.ts',
      'src/readers/r2.test.ts',
      // A hundred thousand tokens: once is enough, and `verify-token.test.ts` has a few of every kind.
      'src/playback/hostile-tokens.test.ts',
    ],
    globalSetup: ['../e2e/global-s3.ts'],
    setupFiles: ['../e2e/compare-bytes.ts'],
    isolate: false,
    // Some start processes, on a machine that may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    sequence: { groupOrder: 1 },
  },
});
