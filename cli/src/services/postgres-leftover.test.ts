import { expect, test } from 'vitest';
import { parsePostmasterFile } from './postgres-leftover.ts';

const LINES = ['4242', '/data/cluster', '1795207956', '8783', '', '127.0.0.1', '  2254467        15', 'ready   '];

test.each([
  ['a running server’s', LINES, { pid: 4242, port: 8783, sharedMemoryId: 15 }],
  ['one of a server that was only starting', LINES.slice(0, 5), { pid: 4242, port: 8783, sharedMemoryId: undefined }],
  ['a torn one', LINES.slice(0, 2), undefined],
  ['an empty one', [''], undefined],
  ['somebody else’s', ['not', 'a', 'pid', 'file'], undefined],
  ['one that names init', ['1', ...LINES.slice(1)], undefined],
])('reads %s pid file', (_, lines, expected) => {
  expect(parsePostmasterFile(lines.join('\n'))).toEqual(expected);
});
