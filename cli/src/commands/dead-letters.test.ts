import { createServer, type Server } from 'node:http';
import type { DeadLetter } from '@mediaflow/shared/api';
import { newAssetId } from '@mediaflow/shared/ids';
import { afterEach, expect, test } from 'vitest';
import { findFreePort } from '../services/free-port.ts';
import type { Context } from './context.ts';
import { describeDeadLetter, replay, showDeadLetters } from './dead-letters.ts';

const LETTER: DeadLetter = {
  id: 'letter-1',
  job: 'encode',
  asset_id: newAssetId(),
  error: { type: 'encode_failed', message: 'ffmpeg ended with code 1.' },
  attempts: 5,
  argv: 'ffmpeg -i file:source',
  exit_code: 1,
  stderr_tail: 'first\nlast\n',
  created_at: '1700000000',
};

let server: Server | undefined;
afterEach(() => server?.close());

/** An installation that answers with `letters`, and what it was asked. */
async function serve(letters: readonly DeadLetter[]): Promise<{ context: Context; printed: string[]; asked: string[] }> {
  const port = await findFreePort();
  const asked: string[] = [];
  const printed: string[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    const [limit, page] = [Number(searchParams.get('limit')), Number(searchParams.get('page'))];
    if (request.method === 'POST') response.writeHead(202).end();
    else response.end(JSON.stringify({ data: letters.slice(limit * (page - 1), limit * page) }));
  });
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  const context: Context = {
    env: { MEDIAFLOW_URL: `http://127.0.0.1:${port}`, MEDIAFLOW_TOKEN_ID: 'id', MEDIAFLOW_TOKEN_SECRET: 'secret' },
    cwd: '/',
    output: { print: (text) => void printed.push(text), say: () => undefined, isInteractive: false },
    signal: new AbortController().signal,
  };
  return { context, printed, asked };
}

test('a dead letter tells what was run and how it ended', () => {
  expect(describeDeadLetter(LETTER).split('\n')).toEqual([
    'letter-1  encode  2023-11-14 22:13  given up',
    `  Asset     ${LETTER.asset_id}`,
    '  Attempts  5',
    '  Reason    ffmpeg ended with code 1. (encode_failed)',
    '  Command   ffmpeg -i file:source',
    '  Exit      1',
    '  | first',
    '  | last',
  ]);
});

test('one that no process caused has its reason alone, and a replayed one says so', () => {
  const text = describeDeadLetter({ id: 'x', job: 'urgent', error: LETTER.error, created_at: '1700000000', replayed_at: '1700000060' });
  expect(text.split('\n')).toEqual([
    'x  urgent  2023-11-14 22:13  replayed 2023-11-14 22:14',
    '  Reason    ffmpeg ended with code 1. (encode_failed)',
  ]);
});

test('none', async () => {
  const { context, printed } = await serve([]);
  await showDeadLetters({}, context);
  expect(printed).toEqual(['No job was given up.']);
});

test('every page is read', async () => {
  const letters = Array.from({ length: 101 }, (_, index) => ({ ...LETTER, id: `letter-${index}` }));
  const { context, printed, asked } = await serve(letters);
  await showDeadLetters({ json: true }, context);
  expect(JSON.parse(printed[0] ?? '')).toEqual(letters);
  expect(asked).toHaveLength(2);
});

test('replay asks for that one, whatever its id is made of', async () => {
  const { context, printed, asked } = await serve([]);
  await replay('a/../b', {}, context);
  expect(asked).toEqual(['POST /system/v1/dead-letters/a%2F..%2Fb/replay']);
  expect(printed).toEqual(['Asked for again: a/../b']);
});
