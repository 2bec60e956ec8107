import { join } from 'node:path';
import { planRenditions } from '@mediaflow/shared/ladder';
import { makeSource } from '@mediaflow/shared/testing/sources';
import { fixTimeline } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { probeFile } from './probe-file.ts';
import { readLeads, segmentLeads } from './read-leads.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);

/** A clip's leads, and the lengths of the units that are cut by them. */
async function cut(name: string) {
  const source = await probeFile(at(name), new AbortController().signal);
  const timeline = fixTimeline(source);
  const leads = await readLeads(at(name), source, timeline);
  return { leads, sizes: planUnits(timeline, planRenditions(source, timeline), leads).map(({ segmentCount }) => segmentCount) };
}

describe('segmentLeads', () => {
  it('counts from the keyframe that the segment is decoded from', () => {
    const source = makeSource({ rate: '25/1', videoSeconds: 18 });
    const leads = segmentLeads(source, fixTimeline(source), [0, 2, 5.5, 11]);
    expect(leads).toHaveLength(5);
    for (const [number, seconds] of [0, 0, 0.5, 4.5, 3].entries()) expect(leads[number]).toBeCloseTo(seconds, 1);
  });
});

describe('readLeads', () => {
  it('lets units begin at keyframes', async () => {
    // Most segments begin half-way between keyframes, each third does not.
    await ffmpeg(...counterInput('25', 48), ...H264, '-g', '9999', '-force_key_frames', '10,22,34', at('rare.mp4'));
    expect((await cut('rare.mp4')).sizes).toEqual([3, 3, 3, 2, 1, 1]);
  });

  it('is the same all over a format without an index, where long units decode the least', async () => {
    await ffmpeg(...counterInput('25', 60, '160x90'), ...H264, at('film.ts'));
    const { leads, sizes } = await cut('film.ts');
    expect(leads?.slice(0, 2)).toEqual([0, 2]);
    for (const seconds of leads?.slice(4) ?? []) expect(seconds).toBeCloseTo(12, 0);
    expect(sizes).toEqual([3, 3, 3, 3, 2, 1, 1]);
  });

  it('says nothing of an index that is all over the file, nor of sound', async () => {
    await ffmpeg(...counterInput('25', 20, '160x90'), ...H264, at('film.mkv'));
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=20', '-c:a', 'aac', at('sound.m4a'));
    expect(await cut('film.mkv')).toEqual({ leads: undefined, sizes: [2, 2, 2] });
    expect((await cut('sound.m4a')).leads).toBeUndefined();
  });
});
