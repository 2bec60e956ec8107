import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { afterEach, beforeEach, describe } from 'vitest';
import { describeKeys } from './object-store/describe-keys.ts';
import { describeListing } from './object-store/describe-listing.ts';
import { describeReading } from './object-store/describe-reading.ts';
import { describeStaging } from './object-store/describe-staging.ts';
import { describeWriting } from './object-store/describe-writing.ts';
import type { Subject } from './object-store/subject.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/** What every driver of the `ObjectStore` port promises. `open` makes an empty store for each test. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let opened: StoreUnderTest | undefined;
    const subject = {} as Subject;

    beforeEach(async () => {
      subject.scratch = await mkdtemp(join(tmpdir(), 'mediaflow-contract-'));
      opened = await open();
      subject.store = opened.store;
    });
    afterEach(async () => {
      await opened?.close();
      await rm(subject.scratch, { recursive: true, force: true });
    });

    for (const describePart of [describeReading, describeWriting, describeListing, describeStaging, describeKeys]) describePart(subject);
  });
}
