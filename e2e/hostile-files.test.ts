import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, getAsset, waitForEnd } from './api.ts';
import { BIG_BUCK_BUNNY, makeClip } from './clips.ts';
import { type Platform, startPlatform, until } from './platform.ts';

/** Files that are not what they say: refused in words, and nobody behind them waits. */
let platform: Platform;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaflow-hostile-'));
  platform = await startPlatform();
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function upload(path: string): Promise<string> {
  // An asset that ends in error makes the command fail; the asset is there all the same.
  await platform.mediaflow('upload', path, '--json', '--data', platform.dataDir).catch(() => undefined);
  const assets = await callApi(platform, 'GET', '/video/v1/assets?limit=1');
  const [newest] = Array.isArray(assets) ? assets : [];
  return String(newest?.id);
}

async function write(name: string, content: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('an upload of', () => {
  it('plain text named .mp4 is refused with a reason', async () => {
    const asset = await waitForEnd(platform, await upload(await write('notes.mp4', 'Dear diary, this is no film.\n'.repeat(50))));
    expect(asset).toMatchObject({ status: 'errored', errors: { type: 'not_media' } });
    expect(asset.errors?.messages[0]).toMatch(/text|not (?:a )?video/i);
  });

  it('plain text fails the command, which names the asset and the reason', async () => {
    const path = await write('poem.mp4', 'Roses are red, this is no film.\n'.repeat(50));
    const failure: unknown = await platform.mediaflow('upload', path, '--data', platform.dataDir).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Asset {8}\w+\nPlayback id {2}\w+\n$/),
      stderr: expect.stringMatching(/cannot be turned into a video: .*text/),
    });
    expect(failure).not.toMatchObject({ stderr: expect.stringContaining('Get a link') });
  });

  it('the first half of a film says that the rest is missing', async () => {
    const half = await readFile(BIG_BUCK_BUNNY);
    const asset = await waitForEnd(platform, await upload(await write('half.mp4', half.subarray(0, half.length / 2))));
    expect(asset).toMatchObject({ status: 'errored', errors: { type: 'truncated' } });
  });

  it('nothing says that it is empty', async () => {
    const path = join(folder, 'empty.mp4');
    await (await open(path, 'w')).close();
    const fromCommand = await waitForEnd(platform, await upload(path));
    expect(fromCommand).toMatchObject({ status: 'errored', errors: { type: 'empty_source' } });

    const created = await callApi(platform, 'POST', '/video/v1/uploads', {});
    const { id, url } = created as { id: string; url: string };
    const response = await fetch(url, { method: 'POST', headers: { 'tus-resumable': '1.0.0', 'upload-length': '0' } });
    expect(response.status).toBe(201);
    const asset = await until('the empty upload’s asset', async () => {
      const data = await callApi(platform, 'GET', `/video/v1/uploads/${id}`);
      const assetId = typeof data === 'object' && data !== null && 'asset_id' in data ? String(data.asset_id) : undefined;
      return assetId === undefined ? undefined : getAsset(platform, assetId);
    });
    expect(asset).toMatchObject({ status: 'errored', errors: { type: 'empty_source' } });
  });

  it('a real clip behind them is ready', async () => {
    const asset = await waitForEnd(platform, await upload(await makeClip(join(folder, 'clip.mp4'), { seconds: 3 })));
    expect(asset.status).toBe('ready');
  });
});
