import { isExtraUnit, type Unit } from '@mediaflow/shared/units';
import { sql } from 'kysely';
import { notify } from './changes.ts';
import type { AssetRow, Db, UnitRow } from './schema.ts';

/** Postgres takes 65,535 parameters a statement; a row has seven. */
const ROWS_PER_INSERT = 5_000;

type AssetRef = Pick<AssetRow, 'id' | 'version'>;
export type UnitRef = Pick<UnitRow, 'asset_id' | 'version' | 'id'>;

/** They wait for their turn from now on. */
export async function insertUnits(tx: Db, { id, version }: AssetRef, units: readonly Unit[]): Promise<void> {
  for (let first = 0; first < units.length; first += ROWS_PER_INSERT) {
    const rows = units.slice(first, first + ROWS_PER_INSERT).map((unit) => ({
      asset_id: id,
      version,
      id: unit.id,
      unit: JSON.stringify(unit),
      position: unit.priority,
      is_extra: isExtraUnit(unit),
    }));
    await tx
      .insertInto('units')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await notify(tx, { kind: 'units' });
}

/** The row, held until the transaction ends. */
export function lockUnit(tx: Db, asset: AssetRef, unitId: string): Promise<UnitRow | undefined> {
  return selectUnits(tx, asset).where('id', '=', unitId).forUpdate().executeTakeFirst();
}

/** The unit that makes one segment of a rendition, held until the transaction ends. */
export function lockUnitOf(tx: Db, asset: AssetRef, renditionId: string, number: number): Promise<UnitRow | undefined> {
  return selectUnits(tx, asset)
    .where(holds(renditionId, { first: number, last: number }))
    .forUpdate()
    .executeTakeFirst();
}

export type UnitSizes = Pick<UnitRow, 'unit' | 'sizes_bytes'>;

/** The units of a rendition that have any of the segments. */
export function findUnitSizes(db: Db, asset: AssetRef, renditionId: string, span: SegmentSpan): Promise<readonly UnitSizes[]> {
  return selectUnits(db, asset).where(holds(renditionId, span)).execute();
}

/** Segments `first` to `last`; none when `last` is less. */
export interface SegmentSpan {
  readonly first: number;
  readonly last: number;
}

const holds = (renditionId: string, { first, last }: SegmentSpan) =>
  sql<boolean>`unit->'renditionIds' ? ${renditionId}
    and (unit->>'firstSegment')::int <= ${last}
    and (unit->>'firstSegment')::int + (unit->>'segmentCount')::int > ${first}`;

export function listUnits(db: Db, asset: AssetRef): Promise<readonly UnitRow[]> {
  return selectUnits(db, asset).execute();
}

/** Those handed out and not done. */
export function listUnitsInFlight(db: Db, asset: AssetRef): Promise<readonly UnitRow[]> {
  return selectUnits(db, asset).where('done_at', 'is', null).where('enqueued_at', 'is not', null).execute();
}

const selectUnits = (db: Db, { id, version }: AssetRef) =>
  db.selectFrom('units').selectAll().where('asset_id', '=', id).where('version', '=', version);

export async function writeSizes(
  tx: Db,
  unit: UnitRef,
  sizes: { readonly sizesBytes: readonly number[]; readonly keyframeBytes: readonly number[]; readonly isDone: boolean },
): Promise<void> {
  await updateUnit(tx, unit)
    .set({ sizes_bytes: [...sizes.sizesBytes], keyframe_bytes: [...sizes.keyframeBytes], ...(sizes.isDone && { done_at: new Date() }) })
    .execute();
}

/** The asset goes on without the unit. */
export async function giveUpUnit(tx: Db, unit: UnitRef): Promise<void> {
  await updateUnit(tx, unit).set({ done_at: new Date() }).execute();
}

/** One that was given up, or done, waits for its turn again; whoever may still be at it has lost its fence at the next hand-out. */
export async function putBackUnit(tx: Db, unit: UnitRef): Promise<void> {
  await updateUnit(tx, unit).set({ enqueued_at: null, done_at: null, requeues: 0 }).execute();
  await notify(tx, { kind: 'units' });
}

/** The same for one that was lost, unless it was finished or handed out anew since it was read. */
export async function putBackLostUnit(tx: Db, unit: UnitRow): Promise<void> {
  await updateUnit(tx, unit)
    .set({ enqueued_at: null, requeues: unit.requeues + 1 })
    .where('done_at', 'is', null)
    .where('fence', '=', unit.fence)
    .execute();
  await notify(tx, { kind: 'units' });
}

/** Gives a waiting unit its next fence, to be put into the queue. Undefined when it was finished or taken meanwhile. */
export function takeUnit(tx: Db, unit: UnitRef): Promise<Pick<UnitRow, 'unit' | 'fence'> | undefined> {
  return updateUnit(tx, unit)
    .set({ fence: sql`fence + 1`, enqueued_at: new Date() })
    .where('done_at', 'is', null)
    .where('enqueued_at', 'is', null)
    .returning(['unit', 'fence'])
    .executeTakeFirst();
}

/** Notes that the unit is in the queue now. */
export async function markUnitQueued(tx: Db, unit: UnitRef): Promise<void> {
  await updateUnit(tx, unit).set({ enqueued_at: new Date() }).where('done_at', 'is', null).where('enqueued_at', 'is not', null).execute();
}

const updateUnit = (tx: Db, { asset_id, version, id }: UnitRef) =>
  tx.updateTable('units').where('asset_id', '=', asset_id).where('version', '=', version).where('id', '=', id);

/** Whether any unit of the first codec, or of the second (`isExtra`), is still to be made. */
export async function hasUndoneUnits(db: Db, { id, version }: AssetRef, isExtra: boolean): Promise<boolean> {
  const row = await db
    .selectFrom('units')
    .select(sql`1`.as('one'))
    .where('asset_id', '=', id)
    .where('version', '=', version)
    .where('is_extra', '=', isExtra)
    .where('done_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Units in flight that were last known to be in the queue before `before`, the longest waiting first. */
export function findOverdueUnits(db: Db, before: Date, limit: number): Promise<readonly UnitRow[]> {
  return db
    .selectFrom('units')
    .innerJoin('assets', (join) => join.onRef('assets.id', '=', 'units.asset_id').onRef('assets.version', '=', 'units.version'))
    .selectAll('units')
    .where('assets.status', '!=', 'errored')
    .where('units.done_at', 'is', null)
    .where('units.enqueued_at', '<', before)
    .orderBy('units.enqueued_at')
    .limit(limit)
    .execute();
}
