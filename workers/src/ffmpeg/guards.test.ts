import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTAINERS } from '../probe/sniff.ts';
import { createClipFolder, ffmpeg } from '../testing/clips.ts';
import { runFfprobe } from './run-ffprobe.ts';

const execute = promisify(execFile);
const CONTAIN = fileURLToPath(new URL('../../bin/contain', import.meta.url));

let clips: Awaited<ReturnType<typeof createClipFolder>>;
let hits = 0;
const server = createServer((_, response) => {
  hits += 1;
  response.end();
});
beforeAll(async () => {
  clips = await createClipFolder();
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x36:d=1', '-c:v', 'mpeg4', join(clips.path, 'other.mp4'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await clips.remove();
});

/** Even if sniffing took a script for a video, ffmpeg would not follow it: neither to a file, which would show as streams, nor to a server. */
describe.each(CONTAINERS.map(({ demuxer }) => demuxer))('a script read as %s', (demuxer) => {
  test('leads nowhere', async () => {
    const { port } = server.address() as AddressInfo;
    const path = join(clips.path, `lure.${demuxer}`);
    const target = join(clips.path, 'other.mp4');
    await writeFile(
      path,
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:${port}/x.ts\n#EXTINF:1,\n${target}\n#EXT-X-ENDLIST\n`,
    );
    const streams = await runFfprobe(path, demuxer).then(
      (data) => (data as { streams: readonly { width?: number }[] }).streams,
      () => [],
    );
    expect(streams.filter(({ width }) => width === 64)).toEqual([]);
    expect(hits).toBe(0);
  });
});

describe('what ffmpeg runs in', () => {
  const isPermitted = async (): Promise<boolean> =>
    execute('unshare', ['--net', 'true'])
      .catch(() => execute('unshare', ['--user', '--map-current-user', '--net', 'true']))
      .then(
        () => true,
        () => false,
      );

  test('has no network where the system permits that, and runs all the same where it does not', async () => {
    const { stdout } = await execute(CONTAIN, ['', 'cat', '/proc/net/dev']);
    const interfaces = stdout
      .split('\n')
      .slice(2)
      .map((line) => line.trim().split(':')[0])
      .filter((name) => name !== '' && name !== 'lo');
    const isAlone = interfaces.length === 0;
    expect(stdout).toContain('lo:');
    expect(isAlone || !(await isPermitted())).toBe(true);
  });

  test('cannot fill the disk', async () => {
    const path = join(clips.path, 'large');
    await expect(execute(CONTAIN, ['--fsize=1000', 'dd', 'if=/dev/zero', `of=${path}`, 'bs=5000', 'count=2'])).rejects.toThrow();
  });

  test('ends when its CPU time is used up', async () => {
    await expect(execute(CONTAIN, ['--cpu=1', 'sh', '-c', 'while :; do :; done'])).rejects.toMatchObject({
      signal: expect.stringMatching(/SIGXCPU|SIGKILL/),
    });
  });
});
