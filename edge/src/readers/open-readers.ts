import type { EdgeConfig } from '../env.ts';
import type { OriginClient } from '../origin-client.ts';
import type { Clock, ObjectReader } from '../ports.ts';
import { createOriginPullReader } from './origin-pull.ts';
import { chainReaders } from './reader-chain.ts';
import { createS3Reader } from './s3.ts';

export interface ReaderParts {
  readonly origin: OriginClient;
  readonly clock: Clock;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Where a bucket is bound. */
  readonly r2?: ObjectReader;
}

/** The readers that the configuration names, in its order; it names none that it does not configure. */
export function openReaders({ readers, s3 }: Pick<EdgeConfig, 'readers' | 's3'>, { origin, clock, fetch, r2 }: ReaderParts): ObjectReader {
  const known = {
    r2,
    s3: s3 && createS3Reader({ config: s3, fetch }),
    origin: createOriginPullReader(origin),
  };
  return chainReaders(
    readers.map((name) => known[name]).filter((reader) => reader !== undefined),
    clock,
  );
}
