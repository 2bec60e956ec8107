import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** How long a test waits for what must come about: on a machine that others use too, a second of work may take a minute. */
const PATIENT = { testTimeout: 360_000, hookTimeout: 360_000, expect: { poll: { timeout: 60_000 } } };

/** What waits most of its time, for leases and for what was killed to come back. The others of `e2e/` have a viewer, whose patience is part of what they look at. */
const WITHOUT_VIEWERS = ['crash', 'external', 'hostile-files', 'import-rules', 'kills', 's3'].map((name) => `e2e/${name}.test.ts`);

/** Node projects share the services of `e2e/global-setup.ts`; the edge runs in workerd and, the same tests, in Node; the e2e tests drive the whole platform. */
export default defineConfig({
  test: {
    // One more than there are cores: the tests of leases and outages wait most of their time.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'node',
          include: ['{shared,platform,origin,workers,cli,web,migrations,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['e2e/global-setup.ts'],
          setupFiles: ['e2e/compare-bytes.ts'],
          ...PATIENT,
          sequence: { groupOrder: 1 },
        },
      },
      'edge/vitest.config.ts',
      'edge/vitest.node.config.ts',
      {
        test: {
          name: 'e2e-beside',
          include: WITHOUT_VIEWERS,
          globalSetup: ['e2e/global-platform.ts'],
          maxWorkers: 2,
          ...PATIENT,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...WITHOUT_VIEWERS],
          globalSetup: ['e2e/global-platform.ts'],
          fileParallelism: false,
          ...PATIENT,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
