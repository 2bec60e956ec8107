import { SELF } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { NETWORK_FILM } from './testing/network-origin.ts';

/** The worker as it is deployed: built from its bindings, each request in a context of its own, the origin over the network. */
const fetchEdge = (path: string, init?: RequestInit): Promise<Response> => SELF.fetch(new Request(`http://edge.test${path}`, init));

const API = { headers: { authorization: `Basic ${btoa(`${'1'.repeat(32)}:secret`)}` } };
const countCalls = async (): Promise<Record<string, number>> => (await fetchEdge('/system/v1/calls', API)).json();

it('is ready when its origin is', async () => {
  expect(await (await fetchEdge('/ready')).json()).toEqual({ status: 'ready', checks: { origin: { ok: true } } });
});

async function openSession(): Promise<string> {
  const playlist = new TextDecoder().decode(await (await fetchEdge(`/${NETWORK_FILM.playbackId}.m3u8`)).arrayBuffer());
  return /\/s\/[\w-]+\//.exec(playlist)?.[0] ?? '';
}

it('has a segment made for those who stay, although the one who asked first has left', async () => {
  const session = await openSession();
  const leaving = new AbortController();
  const first = fetchEdge(`${session}v360/1.m4s`, { signal: leaving.signal }).catch(() => undefined);
  await expect.poll(async () => (await countCalls())['/internal/segments']).toBe(1);
  const others = Array.from({ length: 5 }, () => fetchEdge(`${session}v360/1.m4s`));
  leaving.abort();
  await first;
  await fetchEdge('/system/v1/release', API);
  for (const response of await Promise.all(others)) {
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, NETWORK_FILM.segmentBytes]);
  }
});

it('reads a segment from the store once for thirty viewers in contexts of their own', async () => {
  const session = await openSession();
  const sizes = await Promise.all(
    Array.from({ length: 30 }, async () => (await (await fetchEdge(`${session}v360/0.m4s`)).arrayBuffer()).byteLength),
  );
  expect(new Set(sizes)).toEqual(new Set([NETWORK_FILM.segmentBytes]));
  expect((await countCalls())[`/internal/objects/media/${NETWORK_FILM.assetId}/1/v360/0.m4s`]).toBe(1);
});

it('asks for a credential once, and remembers it between requests', async () => {
  await Promise.all(Array.from({ length: 10 }, () => fetchEdge('/video/v1/assets', API)));
  expect((await countCalls())['/internal/credentials']).toBe(1);
});
