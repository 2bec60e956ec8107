import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

/** Every test of the edge runs inside workerd, with its real Cache API and a real (emulated) R2 bucket. */
export default defineConfig({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: '2026-08-01',
        r2Buckets: ['MEDIA'],
      },
    }),
  ],
  test: { name: 'edge', include: ['src/**/*.test.ts'], root: import.meta.dirname },
});
