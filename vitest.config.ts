import { defineConfig } from 'vitest/config';

/** How long a test waits for what must come about: on a machine that others use too, a second of work may take a minute. */
const PATIENT = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 60_000 } } };

/** Node projects share the services of `e2e/global-setup.ts`; the edge runs in workerd and, the same tests, in Node, the e2e tests drive the whole platform. */
export default defineConfig({
  test: {
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
          fileParallelism: false,
          ...PATIENT,
          // After the others: it encodes, and a viewer's patience is part of what it looks at.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
