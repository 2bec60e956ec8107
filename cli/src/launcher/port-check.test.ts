import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { findFreePort } from '../services/free-port.ts';
import { describeTakenPorts, findTakenPorts, listeningInodes } from './port-check.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0)) await undo();
});

async function listen(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('a taken port is reported with its owner, a free one is not', async () => {
  const [taken, free] = [await listen(), await findFreePort()];
  const found = await findTakenPorts([
    { name: 'edge', port: taken },
    { name: 'origin', port: free },
  ]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ name: 'edge', port: taken });
  if (process.platform === 'linux') expect(found[0]?.owner?.pid).toBe(process.pid);
});

test('the message names port, part, pid and what to do', () => {
  const text = describeTakenPorts([
    { name: 'edge', port: 8780, owner: { pid: 42, command: 'nginx' } },
    { name: 'redis', port: 8784 },
  ]);
  expect(text).toContain('port 8780 (edge) is taken by pid 42: nginx');
  expect(text).toContain('port 8784 (redis) is taken by another program');
  expect(text).toContain('--port-base');
});

test('only listening sockets on that very port count', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:224C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0',
    '   1: 0100007F:224C 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0000 100 0 0 10 0',
    '   2: 0100007F:C350 0100007F:224C 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0000 100 0 0 10 0',
  ].join('\n');
  expect(listeningInodes(table, 0x224c)).toEqual(['111']);
  expect(listeningInodes('', 0x224c)).toEqual([]);
});
