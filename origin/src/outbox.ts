import type { Log } from '@mediaflow/platform/log';
import type { Producer } from '@mediaflow/platform/queue';
import { ZodError } from 'zod';
import { deleteOutbox, postponeOutbox, takeOutbox } from './db/outbox.ts';
import type { Db, OutboxRow } from './db/schema.ts';
import { withDefinition } from './work-definition.ts';

export interface RelayOptions {
  readonly db: Db;
  readonly producer: Pick<Producer, 'enqueue'>;
  readonly log: Log;
}

const BATCH = 100;
/** A row whose payload no longer parses waits for a person, but not in front of the others. */
const MALFORMED_RETRY_SECONDS = 600;

/**
 * Moves what is due from the outbox into the queue. A row is deleted after Redis took the job and in the transaction that
 * held it; a crash in between enqueues it again, which its deterministic id makes harmless.
 * @throws what the queue said when it is away; the rows stay
 */
export async function relayOutbox(options: RelayOptions): Promise<void> {
  while ((await relayBatch(options)) === BATCH);
}

/** Number of rows handed over. */
async function relayBatch({ db, producer, log }: RelayOptions): Promise<number> {
  const { moved, away } = await db.transaction().execute(async (tx) => {
    const rows = await takeOutbox(tx, BATCH);
    const results = await Promise.allSettled(rows.map((row) => enqueue(producer, row)));
    const outcomes = rows.map((row, index) => ({ row, result: results[index] }));
    const idsOf = (list: typeof outcomes): readonly number[] => list.map(({ row }) => row.id);
    const done = outcomes.filter(({ result }) => result?.status === 'fulfilled');
    const malformed = outcomes.filter(({ result }) => result?.status === 'rejected' && result.reason instanceof ZodError);
    for (const { row, result } of malformed) log.error({ outboxId: row.id, job: row.job, result }, 'malformed job in the outbox');
    await deleteOutbox(tx, idsOf(done));
    await postponeOutbox(tx, idsOf(malformed), MALFORMED_RETRY_SECONDS);
    const isAway = (result: PromiseSettledResult<void>) => result.status === 'rejected' && !(result.reason instanceof ZodError);
    return { moved: done.length, away: results.find(isAway) };
  });
  // After the commit, so that what the queue did take is not sent again.
  if (away?.status === 'rejected') throw away.reason;
  return moved;
}

async function enqueue(producer: RelayOptions['producer'], { job, payload }: OutboxRow): Promise<void> {
  await withDefinition(job, payload, (definition, parsed) => producer.enqueue(definition, parsed));
}
