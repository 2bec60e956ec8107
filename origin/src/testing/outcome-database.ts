import { createLog } from '@mediaflow/platform/log';
import type { OutcomePayload, PublishPayload } from '@mediaflow/shared/jobs';
import type { AssetRow, Db, DeadLetterRow, TaskRow, UnitRow } from '../db/schema.ts';
import { writeOutcome } from '../outcome/write.ts';
import { type Probed, probedOutcome } from './outcomes.ts';
import { insertTestAsset } from './test-asset.ts';
import { openTestDatabase } from './test-origin.ts';

/** A database that outcomes are written to as the origin writes them, and what it then says of an asset. */
export interface OutcomeDatabase {
  readonly db: Db;
  write(outcome: OutcomePayload): Promise<void>;
  /** All at once. */
  writeAll(outcomes: readonly OutcomePayload[]): Promise<void>;
  /** A new asset whose probe has come in. */
  insertPlayable(probe?: (asset: AssetRow) => Probed): Promise<{ readonly asset: AssetRow; readonly probed: Probed }>;
  /** As after the first hand-out of all its units. */
  handOutAll(asset: AssetRow, enqueuedAt?: Date): Promise<void>;
  rowOf(asset: AssetRow): Promise<AssetRow>;
  /** The earliest first. */
  unitsOf(asset: AssetRow): Promise<readonly UnitRow[]>;
  tasksOf(asset: AssetRow): Promise<ReadonlyMap<string, TaskRow>>;
  /** The payload of the task that publishes this revision. */
  publishOf(asset: AssetRow, revision: number): Promise<PublishPayload>;
  /** Types without `video.asset.`, in order. */
  eventsOf(asset: AssetRow): Promise<readonly string[]>;
  lettersOf(asset: AssetRow): Promise<readonly DeadLetterRow[]>;
  close(): Promise<void>;
}

export async function openOutcomeDatabase(): Promise<OutcomeDatabase> {
  const log = createLog('test', 'silent');
  const { db, close } = await openTestDatabase();
  const write = (outcome: OutcomePayload): Promise<void> => writeOutcome(db, outcome, log);
  const tasksOf = async ({ id }: AssetRow): Promise<ReadonlyMap<string, TaskRow>> => {
    const rows = await db.selectFrom('tasks').selectAll().where('asset_id', '=', id).execute();
    return new Map(rows.map((row) => [row.id, row]));
  };
  return {
    db,
    close,
    write,
    tasksOf,
    writeAll: async (outcomes) => void (await Promise.all(outcomes.map(write))),
    async insertPlayable(probe = ({ id }) => probedOutcome(id)) {
      const asset = await insertTestAsset(db);
      const probed = probe(asset);
      await write(probed);
      return { asset, probed };
    },
    async handOutAll({ id }, enqueuedAt = new Date()) {
      await db.updateTable('units').set({ fence: 1, enqueued_at: enqueuedAt }).where('asset_id', '=', id).execute();
    },
    rowOf: ({ id }) => db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    unitsOf: ({ id }) => db.selectFrom('units').selectAll().where('asset_id', '=', id).orderBy('position').orderBy('id').execute(),
    publishOf: async (asset, revision) => (await tasksOf(asset)).get(`publish_${revision}`)?.payload as PublishPayload,
    async eventsOf({ id }) {
      const events = await db.selectFrom('events').select('type').where('asset_id', '=', id).orderBy('id').execute();
      return events.map(({ type }) => type.slice('video.asset.'.length));
    },
    lettersOf: ({ id }) => db.selectFrom('dead_letters').selectAll().where('asset_id', '=', id).execute(),
  };
}
