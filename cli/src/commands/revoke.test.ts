import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Revocation } from '@mediaflow/shared/api';
import { newPlaybackId, randomHex } from '@mediaflow/shared/ids';
import type { RevocableObject } from '@mediaflow/shared/revocation';
import { afterEach, expect, test } from 'vitest';
import { findFreePort } from '../services/free-port.ts';
import type { Context } from './context.ts';
import { revoke } from './revoke.ts';

const [sessionId, playbackId] = [randomHex(8), newPlaybackId()];
const SESSION: RevocableObject = { type: 'session', id: sessionId, playback_id: playbackId };
const REVOCATION: Revocation = { id: 'r1', object: SESSION, created_at: '1700000000', expires_at: '1700000060' };

let server: Server | undefined;
afterEach(() => server?.close());

/** An installation that answers with `revocation`, and what it was sent. */
async function serve(revocation: Revocation): Promise<{ context: Context; printed: string[]; sent: unknown[] }> {
  const port = await findFreePort();
  const [sent, printed]: [unknown[], string[]] = [[], []];
  server = createServer(async (request, response) => {
    sent.push(`${request.method} ${request.url}`, await json(request));
    response.writeHead(201).end(JSON.stringify({ data: revocation }));
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  const context: Context = {
    env: { MEDIAFLOW_URL: `http://127.0.0.1:${port}`, MEDIAFLOW_TOKEN_ID: 'id', MEDIAFLOW_TOKEN_SECRET: 'secret' },
    cwd: '/',
    output: { print: (text) => void printed.push(text), say: (text) => void printed.push(text), isInteractive: false },
    signal: new AbortController().signal,
  };
  return { context, printed, sent };
}

test('a session is revoked together with its playback id', async () => {
  const { context, printed, sent } = await serve(REVOCATION);
  await revoke('session', sessionId, { playbackId }, context);
  expect(sent).toEqual(['POST /system/v1/revocations', { object: SESSION }]);
  expect(printed).toEqual([
    `Revoked until 2023-11-14 22:14: session ${sessionId}. Within 30 seconds nothing of it plays any more.`,
    'To take it back: DELETE /system/v1/revocations/r1',
  ]);
});

test('what stands has no end, and JSON is the answer itself', async () => {
  const standing: Revocation = { id: 'r2', object: { type: 'playback_id', id: playbackId }, created_at: '1700000000' };
  const { context, printed, sent } = await serve(standing);
  await revoke('playback_id', playbackId, { json: true }, context);
  expect(sent[1]).toEqual({ object: standing.object });
  expect(JSON.parse(printed.join())).toEqual(standing);
});

test.each([
  ['a session without its playback id', 'session', sessionId, /--playback-id/],
  ['an id that is none', 'asset', 'x', /32 lower-case hex digits/],
])('%s is refused before anybody is asked', async (_, type, id, message) => {
  const { context, sent } = await serve(REVOCATION);
  await expect(revoke(type, id, {}, context)).rejects.toThrow(message);
  expect(sent).toEqual([]);
});
