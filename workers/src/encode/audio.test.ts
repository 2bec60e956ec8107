import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readPackets } from '../testing/clips.ts';
import { type PlannedAsset, planAsset } from '../testing/encode-asset.ts';
import { encodeSound, fidelity, RATE_HZ, sweep, sweepInput, worstFidelity } from '../testing/sound.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const encodeIn = (asset: PlannedAsset, segmentsPerUnit: number) =>
  encodeSound(asset, join(clips.path, `${segmentsPerUnit}-segments`), segmentsPerUnit);

describe('sound encoded in units is the sound encoded in one run', () => {
  test.each([
    ['AAC in MP4, sought to', 'a.mp4', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['AAC in MP4 at 48 kHz, sought to', 'b.mp4', 48_000, ['-c:a', 'aac', '-b:a', '256k']],
    ['AAC in Matroska, whose clock is milliseconds', 'c.mkv', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['AAC in MPEG-TS', 'd.ts', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['AAC in FLV', 'e.flv', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['MP3, which has no index', 'f.mp3', 44_100, ['-b:a', '256k']],
    ['MP3 in AVI', 'g.avi', 44_100, ['-c:a', 'libmp3lame', '-b:a', '256k']],
    ['MPEG layer II in a program stream', 'h.mpg', 44_100, ['-c:a', 'mp2', '-b:a', '320k']],
    ['Dolby Digital in Matroska', 'i.mkv', 48_000, ['-c:a', 'ac3', '-b:a', '320k']],
    ['Dolby Digital in MPEG-TS', 'j.ts', 44_100, ['-c:a', 'ac3', '-b:a', '320k']],
    ['Opus in WebM', 'k.webm', 48_000, ['-c:a', 'libopus', '-b:a', '256k']],
    ['Opus in Ogg', 'l.ogg', 48_000, ['-c:a', 'libopus', '-b:a', '256k']],
    ['Vorbis in WebM, whose frames differ', 'm.webm', 44_100, ['-c:a', 'libvorbis', '-q:a', '9']],
    ['Windows Media', 'n.wma', 44_100, ['-c:a', 'wmav2', '-b:a', '256k']],
    ['FLAC', 'o.flac', 96_000, ['-sample_fmt', 's32', '-c:a', 'flac']],
    ['FLAC in Matroska', 'p.mkv', 44_100, ['-c:a', 'flac']],
    ['ALAC', 'q.m4a', 44_100, ['-c:a', 'alac']],
    ['WAV at an odd rate', 'r.wav', 22_050, []],
    ['WAV at 8 kHz', 's.wav', 8_000, []],
    ['PCM of 24 bits in QuickTime', 't.mov', 96_000, ['-c:a', 'pcm_s24le']],
    ['PCM in Matroska', 'u.mkv', 44_100, ['-c:a', 'pcm_s16le']],
  ] as const)('%s', async (_, name, rateHz, codec) => {
    const path = join(clips.path, name);
    // An end in the middle of a segment: codecs add some milliseconds.
    await ffmpeg(...sweepInput(11, rateHz), ...codec, path);
    const asset = await planAsset(path);
    expect(asset.timeline.segmentCount).toBe(4);
    const whole = await encodeIn(asset, asset.timeline.segmentCount);
    const cut = await encodeIn(asset, 1);
    expect(cut.samples.length).toBe(whole.samples.length);
    expect(worstFidelity(cut.samples, (index) => whole.samples[index] ?? 0, 0.1, 9.8)).toBeGreaterThan(30);
    const packets = await readPackets(cut.path);
    expect(packets.map(({ pts }) => pts)).toEqual(packets.map((_packet, index) => (index - 1) * 1024));
  });
});

describe('sound is where it was in the source, to the sample', () => {
  test('in a file with exact timestamps, and as long as the timeline says', async () => {
    const path = join(clips.path, 'exact.mp4');
    await ffmpeg(...counterInput('25', 14), ...sweepInput(14, 44_100), ...H264, '-c:a', 'aac', '-b:a', '256k', path);
    const asset = await planAsset(path);
    const { samples } = await encodeIn(asset, 2);
    expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ), 0.1, 13.8)).toBeGreaterThan(25);
    expect(asset.timeline.audioSampleCount).toBe(14 * RATE_HZ);
    expect(samples.length - 14 * RATE_HZ).toBeGreaterThanOrEqual(0);
    expect(samples.length - 14 * RATE_HZ).toBeLessThan(1024);
  });

  test('silent until it begins', async () => {
    const path = join(clips.path, 'late.mov');
    await ffmpeg(...counterInput('25', 12), '-itsoffset', '5.5', ...sweepInput(6, 48_000), ...H264, '-c:a', 'pcm_s16le', path);
    const { samples } = await encodeIn(await planAsset(path), 1);
    expect(samples.slice(0, 5 * RATE_HZ).every((sample) => Math.abs(sample) < 0.001)).toBe(true);
    expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ - 5.5), 5.7, 11.3)).toBeGreaterThan(25);
  });

  test('within a millisecond of the picture where the container counts milliseconds', async () => {
    const path = join(clips.path, 'primed.mkv');
    await ffmpeg(...counterInput('24', 12), ...sweepInput(12, 44_100), ...H264, '-c:a', 'aac', '-b:a', '256k', path);
    const asset = await planAsset(path);
    expect(asset.source.startMs).toBeGreaterThan(20);
    const { samples } = await encodeIn(asset, 1);
    const lags = Array.from({ length: 201 }, (_, index) => index - 100);
    const best = lags.reduce((left, right) => (fidelityAt(samples, right) > fidelityAt(samples, left) ? right : left));
    expect(Math.abs(best)).toBeLessThan(48);
  });
});

/** How well the sweep fits when it is taken to be `lag` samples late. */
const fidelityAt = (samples: Float32Array, lag: number): number =>
  fidelity(samples, (index) => sweep((index - lag) / RATE_HZ), 8 * RATE_HZ, 8 * RATE_HZ + 4_800);

test('the centre of a surround mix is heard, and loud channels do not clip', async () => {
  const path = join(clips.path, 'surround.mp4');
  const centre = 'pan=5.1|FC=0.9*c0,aformat=channel_layouts=5.1';
  await ffmpeg(...sweepInput(4, 48_000), '-af', centre, '-c:a', 'aac', '-b:a', '384k', path);
  const { samples } = await encodeIn(await planAsset(path), 1);
  const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  expect(loudest).toBeGreaterThan(0.1);
  expect(loudest).toBeLessThan(1);
});

test('one channel is heard on both sides at full level', async () => {
  const path = join(clips.path, 'mono.wav');
  await ffmpeg(...sweepInput(4, 48_000), '-ac', '1', path);
  const { samples } = await encodeIn(await planAsset(path), 1);
  expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ), 0.1, 3.8)).toBeGreaterThan(25);
});
