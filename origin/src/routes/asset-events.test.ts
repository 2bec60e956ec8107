import { createLog } from '@mediaflow/platform/log';
import type { Asset } from '@mediaflow/shared/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { writeOutcome } from '../outcome/write.ts';
import { probedOutcome, storedOutcomes } from '../testing/outcomes.ts';
import { type Account, findFreePort, principalHeader, startTestOrigin, type TestOrigin } from '../testing/test-origin.ts';
import { createAsset } from '../testing/upload.ts';

let origin: TestOrigin;
let account: Account;
const log = createLog('test', 'silent');

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 5 });
  account = await origin.createAccount();
});
afterAll(() => origin.close());

interface SentEvent {
  readonly type: string;
  readonly id: number;
  readonly asset: Asset;
}

async function* readEvents(response: Response): AsyncGenerator<SentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') !== '') yield { type: field('event'), id: Number(field('id')), asset: JSON.parse(field('data')) };
    }
  }
}

const open = (asset: Asset, lastEventId?: number): Promise<Response> =>
  account.fetch(
    `/video/v1/assets/${asset.id}/events`,
    lastEventId === undefined ? {} : { headers: { 'last-event-id': String(lastEventId) } },
  );

async function makeReady(asset: Asset): Promise<void> {
  const probed = probedOutcome(asset.id);
  await writeOutcome(origin.db, probed, log);
  for (const outcome of storedOutcomes(probed)) await writeOutcome(origin.db, outcome, log);
}

test('a stream begins with the present state, follows in order and ends with the final event', async () => {
  const asset = await createAsset(account);
  const response = await open(asset);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: SentEvent[] = [];
  for await (const event of readEvents(response)) {
    events.push(event);
    if (events.length === 1) await makeReady(asset);
  }
  const types = events.map(({ type }) => type);
  expect(types[0]).toBe('video.asset.updated');
  expect(types[1]).toBe('video.asset.playable');
  expect(types.at(-1)).toBe('video.asset.ready');
  expect(new Set(types.slice(2, -1))).toEqual(new Set(['video.asset.progress']));
  const ids = events.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  const progress = events.slice(2).map(({ asset: { progress } }) => progress.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(events.at(-1)?.asset.status).toBe('ready');
});

test('a stream goes on where the last one broke off, and is over when there is nothing left', async () => {
  const asset = await createAsset(account);
  await makeReady(asset);
  const all: SentEvent[] = [];
  for await (const event of readEvents(await open(asset, 0))) all.push(event);
  expect(all[0]?.type).toBe('video.asset.created');
  const middle = Math.floor(all.length / 2);
  const rest: SentEvent[] = [];
  for await (const event of readEvents(await open(asset, all[middle]?.id))) rest.push(event);
  expect(rest).toEqual(all.slice(middle + 1));
  expect((await open(asset, all.at(-1)?.id)).status).toBe(204);
});

test('who comes late still hears the final event', async () => {
  const asset = await createAsset(account);
  await makeReady(asset);
  const types: string[] = [];
  for await (const event of readEvents(await open(asset))) types.push(event.type);
  expect(types).toEqual(['video.asset.updated', 'video.asset.ready']);
});

test('an event written through one origin reaches a client of another', async () => {
  const port = await findFreePort();
  const second = await startOrigin({ ...origin.config, port }, log);
  try {
    const asset = await createAsset(account);
    const { account_id: accountId, token_id: tokenId } = account.bootstrap;
    const headers = await principalHeader({ kind: 'token', accountId, tokenId });
    const events = readEvents(await fetch(`http://127.0.0.1:${port}/video/v1/assets/${asset.id}/events`, { headers }));
    expect((await events.next()).value).toMatchObject({ type: 'video.asset.updated' });
    await account.call('PATCH', `/video/v1/assets/${asset.id}`, { meta: { title: 'seen from afar' } });
    expect((await events.next()).value).toMatchObject({ type: 'video.asset.updated', asset: { meta: { title: 'seen from afar' } } });
    await account.fetch(`/video/v1/assets/${asset.id}`, { method: 'DELETE' });
    expect((await events.next()).value).toMatchObject({ type: 'video.asset.deleted' });
    expect((await events.next()).done).toBe(true);
  } finally {
    await second.close();
  }
});

test('open streams end when the origin stops', async () => {
  const asset = await createAsset(account);
  const events = readEvents(await open(asset));
  await events.next();
  await origin.stop();
  expect((await events.next()).done).toBe(true);
  await origin.start();
});
