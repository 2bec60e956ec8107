import { join } from 'node:path';
import { planRenditions } from '@mediaflow/shared/ladder';
import { makeSource } from '@mediaflow/shared/testing/sources';
import { fixTimeline, segmentFrames } from '@mediaflow/shared/timeline';
import { planUnits } from '@mediaflow/shared/units';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { videoSeeks } from '../encode/seek.ts';
import { videoInputOptions } from '../encode/video-input-options.ts';
import { counterInput, createClipFolder, ffmpeg, H264, readPackets, toneInput } from '../testing/clips.ts';
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
  return {
    source,
    timeline,
    leads,
    sizes: planUnits(timeline, planRenditions(source, timeline), leads).map(({ segmentCount }) => segmentCount),
  };
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
  test.each(['rare.mp4', 'rare.mkv'])('lets units of %s begin at keyframes', async (name) => {
    // Most segments begin half-way between keyframes, each third does not.
    await ffmpeg(...counterInput('25', 48), ...H264, '-g', '9999', '-force_key_frames', '10,22,34', at(name));
    expect((await cut(name)).sizes).toEqual([3, 3, 3, 2, 1, 1]);
  });

  test.each<{ name: string; options: readonly string[] }>([
    { name: 'without B-frames', options: ['-bf', '0'] },
    { name: 'with B-frames', options: [] },
    { name: 'with a keyframe for each segment', options: ['-g', '50'] },
    { name: 'that begins late', options: ['-output_ts_offset', '1.5'] },
  ])('says of a Matroska $name where ffmpeg begins', async ({ name, options }) => {
    const film = `${name.replaceAll(' ', '-')}.mkv`;
    await ffmpeg(...toneInput(24), ...counterInput('25', 24, '160x90'), ...H264, '-c:a', 'aac', ...options, at(film));
    const { source, timeline, leads } = await cut(film);
    for (const [number, lead] of leads?.entries() ?? []) {
      const [seekSeconds] = videoSeeks(source, timeline, segmentFrames(timeline, number));
      const input = [...videoInputOptions(source, { seekSeconds, threads: 1 }), '-i', at(film)];
      await ffmpeg(...input, '-map', '0:v', '-c', 'copy', '-frames:v', '1', at('first.mkv'));
      const [first] = await readPackets(at('first.mkv'));
      if (seekSeconds !== undefined) expect(seekSeconds - (first?.pts ?? 0) / 1000).toBeCloseTo(lead, 6);
    }
    expect(leads).toHaveLength(7);
  });

  it('is the same all over a format without an index, where long units decode the least', async () => {
    await ffmpeg(...counterInput('25', 60, '160x90'), ...H264, at('film.ts'));
    const { leads, sizes } = await cut('film.ts');
    expect(leads?.slice(0, 2)).toEqual([0, 2]);
    for (const seconds of leads?.slice(4) ?? []) expect(seconds).toBeCloseTo(12, 0);
    expect(sizes).toEqual([3, 3, 3, 3, 2, 1, 1]);
  });

  it('says nothing of an index that is all over the file, nor of sound', async () => {
    await ffmpeg(...counterInput('25', 20, '160x90'), '-c:v', 'mpeg4', at('film.avi'));
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=20', '-c:a', 'aac', at('sound.m4a'));
    expect(await cut('film.avi')).toMatchObject({ leads: undefined, sizes: [2, 2, 2] });
    expect((await cut('sound.m4a')).leads).toBeUndefined();
  });
});
