import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import type { HmacKey } from '@mediaflow/shared/signed';
import type { Changes } from './db/changes.ts';
import type { Db } from './db/schema.ts';
import type { UploadService } from './upload/service.ts';

/** What the routes work with. */
export interface Dependencies {
  readonly db: Db;
  readonly store: ObjectStore;
  readonly producer: Pick<Producer, 'enqueue' | 'isQueued' | 'withdraw' | 'ping'>;
  readonly changes: Pick<Changes, 'onAsset'>;
  readonly uploads: Pick<UploadService, 'sweepSoon'>;
  readonly principalKey: HmacKey;
  readonly grantKey: HmacKey;
  readonly uploadUrl: string;
  /** As in the configuration. */
  readonly externalRoot: string;
  readonly log: Log;
  /** Aborted when the process stops: endless answers end. */
  readonly stopping: AbortSignal;
}
