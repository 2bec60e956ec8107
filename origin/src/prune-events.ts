import { deletePassedEvents } from './db/events.ts';
import type { Db } from './db/schema.ts';

/** A stream that broke off, on a laptop that slept through a holiday, is still resumed without a gap. */
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;
const BATCH = 1_000;
/** A run ends some time, whatever it finds. */
const MAX_BATCHES = 100;

/** Events from before this are of no use any more. Pure. */
export const keptSince = (now: Date): Date => new Date(now.getTime() - KEPT_DAYS * DAY_MS);

/** Keeps the table of events from growing without end. Safe in several origins at once. */
export async function pruneEvents(db: Db, now = new Date()): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    if ((await deletePassedEvents(db, keptSince(now), BATCH)) < BATCH) return;
  }
}
