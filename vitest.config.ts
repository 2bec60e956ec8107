import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** How long a test waits for what must come about: on a machine that others use too, a second of work may take a minute. */
const PATIENT = { testTimeout: 360_000, hookTimeout: 360_000, expect: { poll: { timeout: 60_000 } } };

/** A viewer's patience is part of what these look at, so each has the machine to itself. */
const WITH_VIEWERS = ['e2e/first-light.test.ts', 'e2e/players.test.ts', 'e2e/second-codec.test.ts'];

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
          ...PATIENT,
          sequence: { groupOrder: 1 },
        },
      },
      'edge/vitest.config.ts',
      'edge/vitest.node.config.ts',
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...WITH_VIEWERS],
          globalSetup: ['e2e/global-platform.ts'],
          // Each file has a platform of its own, whose parts are killed and waited for.
          maxWorkers: 2,
          ...PATIENT,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e-viewers',
          include: WITH_VIEWERS,
          globalSetup: ['e2e/global-platform.ts'],
          fileParallelism: false,
          ...PATIENT,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
