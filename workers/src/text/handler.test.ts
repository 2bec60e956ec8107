import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLog } from '@mediaflow/platform/log';
import { createFolderStore } from '@mediaflow/platform/storage/folder-store';
import { AppError } from '@mediaflow/shared/errors';
import { newAssetId } from '@mediaflow/shared/ids';
import type { OutcomePayload } from '@mediaflow/shared/jobs';
import { mediaKey } from '@mediaflow/shared/keys';
import { planRenditions } from '@mediaflow/shared/ladder';
import type { ObjectStore } from '@mediaflow/shared/object-store';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HandlerContext } from '../handler.ts';
import { probeFile } from '../probe/probe-file.ts';
import { createStaging } from '../source/staging.ts';
import { counterInput, createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { findFfmpeg } from '../testing/worker-process.ts';
import { openWorkspace } from '../workspace.ts';
import { extractText } from './extract-text.ts';
import { handleText } from './handler.ts';
import { type Cue, parseWebVtt } from './webvtt.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
  await writeFile(
    at('a.srt'),
    [
      '1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> R&B <font color="red">world</font>\n',
      '2\n00:00:56,500 --> 00:00:59,250\n{\\an8}Across the border\n',
      '3\n00:01:02,000 --> 00:01:03,000\nÆØÅ 日本語 🎬\n',
    ].join('\n'),
  );
  await writeFile(at('a.vtt'), 'WEBVTT\n\nfirst\n00:01.000 --> 00:02.500 line:0 align:start\n<v Bob>Hi &amp; <c.loud>bye</c>\n');
  await ffmpeg(...counterInput('25', 64, '64x36'), ...H264, at('picture.mp4'));
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);

interface Extraction {
  readonly segments: readonly (readonly Cue[])[];
  readonly files: readonly string[];
  readonly outcome: Extract<OutcomePayload, { kind: 'extracted' }>;
}

/** Runs the real handler for the first text track of a clip, with a folder as the object store. */
async function extract(name: string, changes: Partial<HandlerContext> = {}): Promise<Extraction> {
  const { signal } = new AbortController();
  const source = await probeFile(at(name), signal);
  const timeline = fixTimeline(source);
  const rendition = planRenditions(source, timeline).find(({ kind }) => kind === 'text');
  if (rendition?.kind !== 'text') throw new Error(`${name} has no text track`);
  const assetId = newAssetId();
  const sourceKey = `sources/${assetId}/1`;
  const store = createFolderStore(at('store'));
  await store.put(sourceKey, await readFile(at(name)));
  const outcomes: OutcomePayload[] = [];
  const staging = createStaging({ store, directory: at('staging'), freeBytes: () => Promise.resolve(1e12), minFreeBytes: 0, idleMs: 0 });
  await handleText(
    { assetId, version: 1, sourceKey, sizeBytes: source.sizeBytes, source, timeline, rendition },
    {
      signal,
      attempt: 1,
      log: createLog('test', 'silent'),
      store,
      staging,
      workspace: await openWorkspace(at('work'), process.pid),
      confirmLease: () => Promise.resolve(),
      report: async (outcome) => void outcomes.push(outcome),
      ...changes,
    },
  );
  await staging.close();
  const files: string[] = [];
  for (let number = 0; ; number += 1) {
    const stored = await store.get(mediaKey({ assetId, version: 1, object: { kind: 'segment', renditionId: rendition.id, number } }));
    if (stored === undefined) break;
    files.push(await new Response(stored.body).text());
  }
  const [outcome] = outcomes;
  if (outcome?.kind !== 'extracted') throw new Error('nothing was reported');
  return { files, segments: files.map((text) => parseWebVtt(text)), outcome };
}

describe('subtitles become WebVTT segments', () => {
  test.each([
    ['SubRip in Matroska', 'srt.mkv', ['-c:s', 'srt']],
    ['ASS in Matroska', 'ass.mkv', ['-c:s', 'ass']],
    ['timed text in MP4', 'text.mp4', ['-c:s', 'mov_text']],
  ])('%s', async (_, name, options) => {
    await ffmpeg('-i', at('picture.mp4'), '-i', at('a.srt'), '-map', '0:v', '-map', '1', '-c:v', 'copy', ...options, at(name));
    const { segments, files, outcome } = await extract(name);
    expect(segments.map((cues) => cues.map(({ startMs, endMs, text }) => [startMs, endMs, text]))).toEqual([
      [
        [1000, 2500, '<i>Hello</i> R&amp;B world'],
        [56_500, 59_250, 'Across the border'],
      ],
      [
        [56_500, 59_250, 'Across the border'],
        [62_000, 63_000, 'ÆØÅ 日本語 🎬'],
      ],
    ]);
    expect(files.every((file) => file.startsWith('WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n'))).toBe(true);
    expect(outcome).toMatchObject({ renditionId: 't0', cueCount: 3, warnings: [] });
  });

  test('times count from the timeline, wherever the source begins', async () => {
    const input = ['-itsoffset', '100', '-i', at('picture.mp4'), '-itsoffset', '100', '-i', at('a.srt')];
    await ffmpeg(...input, '-map', '0:v', '-map', '1', '-copyts', '-c:v', 'copy', '-c:s', 'srt', at('late.mkv'));
    const { segments, outcome } = await extract('late.mkv');
    expect(outcome.cueCount).toBe(3);
    expect(segments[0]?.[0]).toMatchObject({ startMs: 1000, endMs: 2500 });
  });

  test('WebVTT keeps its ids, settings and markup', async () => {
    await ffmpeg('-i', at('picture.mp4'), '-i', at('a.vtt'), '-map', '0:v', '-map', '1', '-c', 'copy', at('vtt.mkv'));
    const { segments } = await extract('vtt.mkv');
    expect(segments[0]).toEqual([
      { id: 'first', startMs: 1000, endMs: 2500, settings: 'line:0 align:start', text: '<v Bob>Hi &amp; <c.loud>bye</c>' },
    ]);
    expect(segments[1]).toEqual([]);
  });
});

describe('damaged subtitles', () => {
  test('what cannot be read at all leaves empty segments and a warning', async () => {
    await ffmpeg('-i', at('picture.mp4'), '-i', at('a.srt'), '-map', '0:v', '-map', '1', '-c:v', 'copy', '-c:s', 'srt', at('whole.mkv'));
    const source = await probeFile(at('whole.mkv'), new AbortController().signal);
    // The track that was probed is gone by the time it is read: the same as one whose decoder gives up.
    await ffmpeg('-i', at('picture.mp4'), '-c', 'copy', at('bare.mkv'));
    const timeline = fixTimeline(source);
    const [rendition] = planRenditions(source, timeline).filter(({ kind }) => kind === 'text');
    if (rendition?.kind !== 'text') throw new Error('no text track');
    const workspace = await openWorkspace(at('work'), process.pid);
    const options = { inputPath: at('bare.mkv'), timeline, signal: new AbortController().signal };
    const text = await workspace.withFolder((workDir) => extractText(source, rendition, { ...options, workDir }));
    expect(text.cues).toEqual([]);
    expect(text.warnings).toMatchObject([{ type: 'subtitles_damaged' }]);
  });

  test.runIf(process.platform === 'linux')('an ffmpeg that was killed says nothing of them', async () => {
    await ffmpeg('-i', at('picture.mp4'), '-i', at('a.srt'), '-map', '0:v', '-map', '1', '-c:v', 'copy', '-c:s', 'srt', at('killed.mkv'));
    const source = await probeFile(at('killed.mkv'), new AbortController().signal);
    const timeline = fixTimeline(source);
    const [rendition] = planRenditions(source, timeline).filter(({ kind }) => kind === 'text');
    if (rendition?.kind !== 'text') throw new Error('no text track');
    // Nobody ever writes to it, so that it is read until somebody ends that.
    await promisify(execFile)('mkfifo', [at('endless.mkv')]);
    const options = { inputPath: at('endless.mkv'), workDir: clips.path, timeline, signal: new AbortController().signal };
    const extraction = expect(extractText(source, rendition, options)).rejects.toMatchObject({ code: 'encode_failed', isRetryable: true });
    const findPid = (): Promise<number | undefined> => findFfmpeg(process.pid, 'endless.mkv');
    await expect.poll(findPid).toBeDefined();
    process.kill((await findPid()) ?? Number.NaN, 'SIGKILL');
    await extraction;
  });

  test('cues of noise and cues that last for ever play no tricks', async () => {
    await writeFile(
      at('hostile.srt'),
      [
        `1\n00:00:01,000 --> 11:59:59,999\n<script>alert(1)</script>\n`,
        '2\n00:00:05,000 --> 00:00:04,000\nbackwards\n',
        '3\nnot a time\nnoise\n',
        `4\n00:00:06,000 --> 00:00:07,000\n${'<b>'.repeat(5000)}deep\n`,
      ].join('\n'),
    );
    await ffmpeg(
      '-i',
      at('picture.mp4'),
      '-i',
      at('hostile.srt'),
      '-map',
      '0:v',
      '-map',
      '1',
      '-c:v',
      'copy',
      '-c:s',
      'srt',
      at('hostile.mkv'),
    );
    const { segments, files } = await extract('hostile.mkv');
    expect(segments).toHaveLength(2);
    expect(Math.max(...segments.flat().map(({ endMs }) => endMs))).toBeLessThanOrEqual(64_000);
    expect(files.join('')).not.toContain('<script');
    expect(Math.max(...files.map((file) => file.length))).toBeLessThan(20_000);
  });
});

test('a worker that lost its job publishes nothing', async () => {
  await ffmpeg('-i', at('picture.mp4'), '-i', at('a.srt'), '-map', '0:v', '-map', '1', '-c:v', 'copy', '-c:s', 'srt', at('lost.mkv'));
  const lost = new AppError('worker_lost', 'The job was given to another worker.');
  const put: string[] = [];
  const store = createFolderStore(at('store'));
  const watched: ObjectStore = {
    ...store,
    put: (key, ...rest) => {
      put.push(key);
      return store.put(key, ...rest);
    },
  };
  await expect(extract('lost.mkv', { confirmLease: () => Promise.reject(lost), store: watched })).rejects.toBe(lost);
  expect(put).toEqual([]);
});
