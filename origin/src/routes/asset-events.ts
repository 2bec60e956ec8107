import { FINAL_ASSET_EVENTS } from '@mediaflow/shared/events';
import { assetIdSchema } from '@mediaflow/shared/ids';
import { type Context, Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { findAccountAsset } from '../db/assets.ts';
import { findLastEventIds, listEventsAfter } from '../db/events.ts';
import { listPlaybackIds } from '../db/playback-ids.ts';
import type { AssetRow, Db, EventRow } from '../db/schema.ts';
import type { Dependencies } from '../dependencies.ts';
import type { OriginEnv } from '../hono-env.ts';
import { presentAsset } from '../present/asset.ts';
import { createWaker } from '../waker.ts';
import { notFound, readId } from './input.ts';

const HEARTBEAT_MS = 15_000;
const EVENTS_PER_READ = 50;

/**
 * `/video/v1/assets/{id}/events`: server-sent events, each with the asset as it was at that moment. A stream begins with
 * the present state, or after `Last-Event-ID`, and ends after a final event. Events are read from the table only as
 * fast as the client takes them, so a slow one costs no memory.
 */
export function createAssetEventsRoute({ db, changes, stopping }: Dependencies): Hono<OriginEnv> {
  return new Hono<OriginEnv>().get('/:id/events', async (context) => {
    const asset = await findAccountAsset(db, context.get('accountId'), readId(context, 'id', assetIdSchema));
    if (asset === undefined) throw notFound();
    const resumedAt = readLastEventId(context);
    const { last, lastFinal } = await findLastEventIds(db, asset.id);
    const isOver = asset.status !== 'preparing';
    // 204 tells an EventSource, which reconnects by itself, that nothing more will come.
    if (resumedAt !== undefined && isOver && resumedAt >= lastFinal) return context.body(null, 204);

    context.header('cache-control', 'no-store');
    // Asks nginx-like proxies not to hold events back.
    context.header('x-accel-buffering', 'no');
    return streamSSE(context, async (stream) => {
      const waker = createWaker();
      const unsubscribe = changes.onAsset(asset.id, waker.wake);
      const stop = (): void => void stream.abort();
      stopping.addEventListener('abort', stop);
      stream.onAbort(waker.wake);
      try {
        const position = resumedAt ?? (isOver ? lastFinal - 1 : last);
        if (resumedAt === undefined) await writePresentState(stream, db, asset, position);
        await follow(stream, position, (after) => listEventsAfter(db, asset.id, after, EVENTS_PER_READ), waker.next);
      } finally {
        unsubscribe();
        stopping.removeEventListener('abort', stop);
      }
    });
  });
}

type ReadEvents = (after: number) => Promise<readonly EventRow[]>;

/** Writes events in order until a final one; between them waits to be woken, with a comment now and then to keep the line open. */
async function follow(
  stream: SSEStreamingApi,
  position: number,
  read: ReadEvents,
  wake: (timeoutMs: number) => Promise<boolean>,
): Promise<void> {
  let after = position;
  while (!stream.aborted) {
    const events = await read(after);
    for (const event of events) {
      await stream.writeSSE({ event: event.type, id: String(event.id), data: JSON.stringify(event.data) });
      if (stream.aborted || FINAL_ASSET_EVENTS.includes(event.type)) return;
      after = event.id;
    }
    if (events.length === 0 && !(await wake(HEARTBEAT_MS))) await stream.write(': heartbeat\n\n');
  }
}

async function writePresentState(stream: SSEStreamingApi, db: Db, asset: AssetRow, position: number): Promise<void> {
  const data = JSON.stringify(presentAsset(asset, await listPlaybackIds(db, [asset.id])));
  await stream.writeSSE({ event: 'video.asset.updated', id: String(position), data });
}

/** What EventSource sends when it reconnects; anything else is as good as none. */
function readLastEventId(context: Context<OriginEnv>): number | undefined {
  const text = context.req.header('last-event-id');
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
