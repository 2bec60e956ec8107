import type { Server } from 'node:http';
import type { Log } from '@mediaflow/platform/log';
import { consume, createProducer } from '@mediaflow/platform/queue';
import { openStore } from '@mediaflow/platform/storage/open-store';
import { outcomeJob } from '@mediaflow/shared/jobs';
import { deriveHmacKey } from '@mediaflow/shared/signed';
import { createApp } from './app.ts';
import type { OriginConfig } from './config.ts';
import { listenForChanges } from './db/changes.ts';
import { connectDatabase } from './db/connect.ts';
import { deleteExpiredRevocations } from './db/revocations.ts';
import { deleteExpiredUserSessions } from './db/user-sessions.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { relayOutbox } from './outbox.ts';
import { writeOutcome } from './outcome/write.ts';
import { runPeriodically } from './periodic.ts';
import { pruneEvents } from './prune-events.ts';
import { RECONCILE_EVERY_MS, reconcile } from './reconcile.ts';
import { closeGracefully, createHttpServer, listen } from './server.ts';
import { createUploadService } from './upload/service.ts';

export interface Origin {
  readonly server: Server;
  /** Lets running requests end, stops taking outcomes, closes every connection; always resolves. */
  close(): Promise<void>;
}

const RELAY_EVERY_MS = 2_000;
/** Units are handed out whenever something changes; this is for workers that came meanwhile. */
const DISPATCH_EVERY_MS = 1_000;
const OUTCOME_CONCURRENCY = 8;
const CLOSE_GRACE_MS = 10_000;

/** The whole origin, listening. Starts without Postgres and Redis too, and works as soon as they are there. */
export async function startOrigin(config: OriginConfig, log: Log): Promise<Origin> {
  const stopping = new AbortController();
  const [principalKey, grantKey] = await Promise.all([deriveHmacKey(config.secret, 'principal'), deriveHmacKey(config.secret, 'grant')]);
  const db = connectDatabase(config.databaseUrl, log);
  const store = openStore(config.store);
  const producer = createProducer(config.redisUrl, log);
  const changes = listenForChanges(config.databaseUrl, log);
  const uploads = createUploadService({ ...config, db, store, storeConfig: config.store, grantKey, log });
  const app = createApp({
    db,
    store,
    producer,
    changes,
    uploads,
    principalKey,
    grantKey,
    uploadUrl: config.uploadUrl,
    externalRoot: config.externalRoot,
    log,
    stopping: stopping.signal,
  });

  const relay = runPeriodically('relay outbox', RELAY_EVERY_MS, () => relayOutbox({ db, producer, log }), log);
  changes.onOutbox(relay.kick);
  const reconciling = runPeriodically('reconcile', RECONCILE_EVERY_MS, () => reconcile({ db, producer, log }), log);
  const pruning = runPeriodically('prune events', RECONCILE_EVERY_MS, () => pruneEvents(db), log);
  const expire = async (now = new Date()): Promise<void> => {
    await Promise.all([deleteExpiredRevocations(db, now), deleteExpiredUserSessions(db, now)]);
  };
  const expiring = runPeriodically('expire revocations and user sessions', RECONCILE_EVERY_MS, () => expire(), log);
  const dispatch = createDispatcher({ db, producer });
  const dispatching = runPeriodically('dispatch', DISPATCH_EVERY_MS, async () => void (await dispatch()), log);
  changes.onUnits(dispatching.kick);
  const outcomes = consume(outcomeJob, {
    redisUrl: config.redisUrl,
    concurrency: OUTCOME_CONCURRENCY,
    log,
    handle: (outcome, context) => writeOutcome(db, outcome, context.log),
  });

  const server = createHttpServer({ fetch: app.fetch, handleUpload: uploads.handle });
  const close = async (): Promise<void> => {
    stopping.abort();
    await closeGracefully(server, CLOSE_GRACE_MS);
    await Promise.allSettled([
      uploads.close(),
      relay.close(),
      reconciling.close(),
      pruning.close(),
      expiring.close(),
      dispatching.close(),
      outcomes.close(0),
    ]);
    await Promise.allSettled([changes.close(), producer.close(), db.destroy()]);
  };
  try {
    await listen(server, config.port, config.host);
  } catch (error) {
    await close();
    throw error;
  }
  return { server, close };
}
