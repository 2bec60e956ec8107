import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Asset } from '@mediaflow/shared/api';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OriginConfig } from './config.ts';
import { type Account, startTestOrigin, type TestOrigin } from './testing/test-origin.ts';
import { createUpload, findAssetOf } from './testing/upload.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let origin: TestOrigin;
let account: Account;

beforeAll(async () => {
  origin = await startTestOrigin({ redisDatabase: 4 });
  account = await origin.createAccount();
  // From here on real processes serve its address.
  await origin.stop();
});
afterAll(() => origin.close());

interface OriginProcess {
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  signal(name: NodeJS.Signals): void;
  disconnect(): void;
}

async function startProcess(): Promise<OriginProcess> {
  const child = spawn(process.execPath, ['--experimental-strip-types', MAIN], {
    env: { ...toEnv(origin.config) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await expect.poll(async () => (await fetch(`${origin.url}/ready`)).status).toBe(200);
  return { exited, signal: (name) => child.kill(name), disconnect: () => child.disconnect() };
}

function toEnv(config: OriginConfig): Record<string, string> {
  return {
    HOST: config.host,
    PORT: String(config.port),
    MEDIAFLOW_SECRET: config.secret,
    DATABASE_URL: config.databaseUrl,
    REDIS_URL: config.redisUrl,
    UPLOAD_URL: config.uploadUrl,
    LOG_LEVEL: 'error',
    STORE: 'folder',
    STORE_DIR: origin.storeDir,
  };
}

test('an upload survives kill -9 of the origin, more than once', async () => {
  const bytes = randomBytes(12_000_000);
  const upload = await createUploadWhileUp();
  // The last bytes may arrive before whoever started the process that takes them has heard of it.
  let running = startProcess();
  let kills = 0;
  const kill = async (): Promise<OriginProcess> => {
    const { signal, exited } = await running;
    signal('SIGKILL');
    await exited;
    return startProcess();
  };
  await running;
  const uploaded = new Promise<void>((resolve, reject) => {
    new tus.Upload(bytes, {
      endpoint: upload.url,
      chunkSize: 1_000_000,
      retryDelays: Array.from({ length: 100 }, () => 200),
      onChunkComplete: (_size, accepted) => {
        if (accepted > (kills + 1) * 3_000_000 && kills < 2) {
          kills += 1;
          running = kill();
          running.catch(reject);
        }
      },
      onSuccess: () => resolve(),
      onError: reject,
    }).start();
  });
  await uploaded;
  expect(kills).toBe(2);
  const asset = await vi.waitFor(async (): Promise<Asset> => {
    const found = await findAssetOf(account, upload.id);
    if (found?.source?.sha256 === undefined) throw new Error('no digest yet');
    return found;
  }, 60_000);
  expect(asset.source?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const last = await running;
  last.signal('SIGTERM');
  expect(await last.exited).toEqual({ code: 0, signal: null });
});

test('the origin ends when the process that started it is gone', async () => {
  const running = await startProcess();
  running.disconnect();
  expect(await running.exited).toEqual({ code: 0, signal: null });
});

test('a wrong configuration is refused with every fault named', async () => {
  const child = spawn(process.execPath, ['--experimental-strip-types', MAIN], {
    env: { MEDIAFLOW_SECRET: 'short' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, code] = await Promise.all([
    child.stderr.setEncoding('utf8').reduce((text, chunk: string) => text + chunk, ''),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  expect(code).not.toBe(0);
  for (const name of ['MEDIAFLOW_SECRET', 'DATABASE_URL', 'REDIS_URL', 'UPLOAD_URL', 'STORE_DIR']) expect(stderr).toContain(name);
});

async function createUploadWhileUp() {
  const running = await startProcess();
  const upload = await createUpload(account);
  running.signal('SIGTERM');
  await running.exited;
  return upload;
}
