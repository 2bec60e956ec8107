import type { S3Access } from './services/s3-access.ts';

/** What `global-setup.ts` gives to tests; every package that calls `inject()` includes this file in its tsconfig. */
declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of a throw-away Postgres whose user may create databases: one for each test file. */
    readonly postgresUrl: string;
    /** A throw-away Redis with 64 databases: append `/N`. origin 1-9, workers 10-19, platform 20-29, cli 30-39. */
    readonly redisUrl: string;
    /** A throw-away S3 server without buckets: one for each test file. */
    readonly s3: S3Access;
  }
}
