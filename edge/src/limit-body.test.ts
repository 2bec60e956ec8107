import { expect, it } from 'vitest';
import { limitBody } from './limit-body.ts';

/** A body of so many chunks of ten bytes, one after the other; `stalls` leaves it open at the end. */
function chunked(count: number, stalls = false) {
  let sent = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await Promise.resolve();
      if (sent < count) {
        sent += 1;
        controller.enqueue(new Uint8Array(10).fill(sent));
      } else if (!stalls) controller.close();
      else await new Promise(() => undefined);
    },
    cancel() {
      isCancelled = true;
    },
  });
  const request = new Request('http://edge.test', { method: 'POST', body, duplex: 'half' } as RequestInit);
  return { request, sent: () => sent, isCancelled: () => isCancelled };
}

const codeOf = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'read').catch((error: { code: unknown }) => error.code);

it('reads a body of unknown length up to the limit, in order', async () => {
  const body = await limitBody(chunked(10).request, { maxBytes: 100 });
  expect(body?.length).toBe(100);
  expect([body?.[0], body?.[99]]).toEqual([1, 10]);
  expect(await limitBody(new Request('http://edge.test'))).toBeNull();
});

it('stops reading where it is too large, whatever else would come', async () => {
  const endless = chunked(1_000_000);
  expect(await codeOf(limitBody(endless.request, { maxBytes: 100 }))).toBe('payload_too_large');
  expect(endless.sent()).toBeLessThan(20);
});

it('refuses what is announced as too large without reading it', async () => {
  const request = new Request('http://edge.test', { method: 'POST', body: 'x', headers: { 'content-length': '101' } });
  expect(await codeOf(limitBody(request, { maxBytes: 100 }))).toBe('payload_too_large');
});

it('waits no longer than it has patience for a body that does not end', async () => {
  expect(await codeOf(limitBody(chunked(3, true).request, { patienceMs: 20 }))).toBe('request_timeout');
});
