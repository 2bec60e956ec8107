import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, getAsset, signedUrl, waitForEnd } from './api.ts';
import { countDecodedFrames, makeClip } from './clips.ts';
import { authorization, type Platform, startPlatform, until, upDetached } from './platform.ts';
import { findProcesses } from './processes.ts';
import { readVariants } from './strict-hls.ts';

/** Any process may die at any moment: what was taken in becomes ready all the same. */
let platform: Platform;
let folder: string;
let film: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-kills-'));
  film = await makeClip(join(folder, 'film.mp4'), { seconds: 20, size: '1280x720' });
  platform = await startPlatform();
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

const PARTS = { origin: 'origin/src/main.ts', worker: 'workers/src/main.ts', edge: 'workerd', wrangler: 'wrangler' } as const;

async function kill(part: keyof typeof PARTS): Promise<void> {
  const pids = await until(`${part} to run`, async () => {
    const found = await findProcesses(platform.dataDir, PARTS[part]);
    return found.length > 0 ? found : undefined;
  });
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

async function newestId(): Promise<string | undefined> {
  const assets = await callApi(platform, 'GET', '/video/v1/assets?limit=1');
  const [newest] = Array.isArray(assets) ? assets : [];
  return newest?.id;
}

describe('kill -9', () => {
  it.each(['origin', 'worker', 'edge', 'wrangler'] as const)('of the %s while a film is made leaves a whole film', async (part) => {
    const before = await newestId();
    const command = platform.mediaflow('upload', film, '--json', '--data', platform.dataDir).catch(() => '');
    const id = await until('the upload to become an asset', async () => {
      const newest = await newestId();
      return newest !== before ? newest : undefined;
    });
    await until('a first unit to be stored', async () => ((await getAsset(platform, id)).progress.progress > 0 ? true : undefined));
    await kill(part);

    const asset = await waitForEnd(platform, id);
    expect(asset.status).toBe('ready');
    for (const { url } of await readVariants(await signedUrl(platform, asset))) expect(await countDecodedFrames(url)).toBe(500);
    await command;
  });

  it('of the origin in the middle of an upload does not lose a byte', async () => {
    const clip = await makeClip(join(folder, 'upload.mp4'), { seconds: 4, bitrate: '80M' });
    const command = platform.mediaflow('upload', clip, '--json', '--data', platform.dataDir);
    for (let round = 0; round < 3; round += 1) {
      await kill('origin');
      await until('the origin to be back', async () => (await fetch(`${platform.credentials.upload_url}/health`)).ok || undefined);
    }
    const answer = JSON.parse(await command) as { id: string };
    const expected = createHash('sha256')
      .update(await readFile(clip))
      .digest('hex');
    expect(await until('the hash', async () => (await getAsset(platform, answer.id)).source?.sha256)).toBe(expected);
  });

  it('of the launcher, then `up`, keeps everything', async () => {
    const before = await callApi(platform, 'GET', '/video/v1/assets?limit=100');
    process.kill(await launcherPid(), 'SIGKILL');
    await upDetached(platform.dataDir, platform.portBase);
    const response = await fetch(`${platform.credentials.api_url}/video/v1/assets?limit=100`, {
      headers: { authorization: authorization(platform.credentials) },
    });
    const after = (await response.json()) as { data: readonly { id: string }[] };
    expect(after.data.map(({ id }) => id)).toEqual(Array.isArray(before) ? before.map(({ id }: { id: string }) => id) : []);
  });
});

async function launcherPid(): Promise<number> {
  const holder = JSON.parse(await readFile(join(platform.dataDir, 'launcher.json'), 'utf8')) as { pid: number };
  return holder.pid;
}
