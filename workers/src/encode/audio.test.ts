import { join } from 'node:path';
import type { Unit } from '@mediaflow/shared/units';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264, readPackets, readSamples } from '../testing/clips.ts';
import { encodeAsset, type PlannedAsset, planAsset } from '../testing/encode-asset.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const RATE_HZ = 48_000;
/** A tone that rises from 200 Hz by 200 Hz a second: a shift of one sample is an error of more than -20 dB after a few seconds. */
const sweep = (seconds: number): number => 0.5 * Math.sin(2 * Math.PI * (200 * seconds + 100 * seconds ** 2));
const sweepInput = (seconds: number, rateHz: number): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc='0.5*sin(2*PI*(200*t+100*t*t))':d=${seconds}:s=${rateHz}`,
];

/** Segments in units of two, so that a short clip has seams. */
function splitAudio(asset: PlannedAsset, segmentsPerUnit: number): PlannedAsset {
  const units: Unit[] = [];
  for (let firstSegment = 0; firstSegment < asset.timeline.segmentCount; firstSegment += segmentsPerUnit) {
    const segmentCount = Math.min(segmentsPerUnit, asset.timeline.segmentCount - firstSegment);
    units.push({ id: `a0.${firstSegment}`, renditionIds: ['a0'], firstSegment, segmentCount, priority: 9 });
  }
  return { ...asset, units };
}

async function encodeSound(asset: PlannedAsset, segmentsPerUnit: number): Promise<{ path: string; samples: Float32Array }> {
  const files = await encodeAsset(splitAudio(asset, segmentsPerUnit), join(clips.path, `${segmentsPerUnit}-segments`));
  const path = files.get('a0') ?? '';
  return { path, samples: await readSamples(path) };
}

/** Signal to error, in decibels, of samples `from` to `to`. */
function fidelity(samples: Float32Array, expected: (index: number) => number, from: number, to: number): number {
  let signal = 0;
  let error = 0;
  for (let index = from; index < to; index += 1) {
    signal += expected(index) ** 2;
    error += ((samples[index] ?? 0) - expected(index)) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

/** The worst tenth of a second between two times. */
function worstFidelity(samples: Float32Array, expected: (index: number) => number, fromSeconds: number, toSeconds: number): number {
  const window = RATE_HZ / 10;
  const windows = Array.from(
    { length: Math.floor((toSeconds - fromSeconds) * 10) },
    (_, index) => Math.round(fromSeconds * RATE_HZ) + index * window,
  );
  return Math.min(...windows.map((from) => fidelity(samples, expected, from, from + window)));
}

describe('sound encoded in units is the sound encoded in one run', () => {
  test.each([
    ['MP4, 44.1 kHz, sought to', 'a.mp4', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['MP4, 48 kHz, sought to', 'b.mp4', 48_000, ['-c:a', 'aac', '-b:a', '256k']],
    ['Matroska, whose clock is milliseconds', 'c.mkv', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['MPEG-TS', 'd.ts', 44_100, ['-c:a', 'aac', '-b:a', '256k']],
    ['MP3, which has no index', 'e.mp3', 44_100, ['-b:a', '256k']],
    ['Opus in WebM', 'f.webm', 48_000, ['-c:a', 'libopus', '-b:a', '256k']],
    ['WAV at an odd rate', 'g.wav', 22_050, []],
  ] as const)('%s', async (_, name, rateHz, codec) => {
    const path = join(clips.path, name);
    await ffmpeg(...sweepInput(14, rateHz), ...codec, path);
    const asset = await planAsset(path);
    const whole = await encodeSound(asset, asset.timeline.segmentCount);
    const cut = await encodeSound(asset, 1);
    expect(cut.samples.length).toBe(whole.samples.length);
    expect(worstFidelity(cut.samples, (index) => whole.samples[index] ?? 0, 0.1, 13.8)).toBeGreaterThan(30);
    const packets = await readPackets(cut.path);
    expect(packets.map(({ pts }) => pts)).toEqual(packets.map((_packet, index) => (index - 1) * 1024));
  });
});

describe('sound is where it was in the source, to the sample', () => {
  test('in a file with exact timestamps, and as long as the timeline says', async () => {
    const path = join(clips.path, 'exact.mp4');
    await ffmpeg(...counterInput('25', 14), ...sweepInput(14, 44_100), ...H264, '-c:a', 'aac', '-b:a', '256k', path);
    const asset = await planAsset(path);
    const { samples } = await encodeSound(asset, 2);
    expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ), 0.1, 13.8)).toBeGreaterThan(25);
    expect(asset.timeline.audioSampleCount).toBe(14 * RATE_HZ);
    expect(samples.length - 14 * RATE_HZ).toBeGreaterThanOrEqual(0);
    expect(samples.length - 14 * RATE_HZ).toBeLessThan(1024);
  });

  test('silent until it begins', async () => {
    const path = join(clips.path, 'late.mov');
    await ffmpeg(...counterInput('25', 12), '-itsoffset', '5.5', ...sweepInput(6, 48_000), ...H264, '-c:a', 'pcm_s16le', path);
    const { samples } = await encodeSound(await planAsset(path), 1);
    expect(samples.slice(0, 5 * RATE_HZ).every((sample) => Math.abs(sample) < 0.001)).toBe(true);
    expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ - 5.5), 5.7, 11.3)).toBeGreaterThan(25);
  });

  test('within a millisecond of the picture where the container counts milliseconds', async () => {
    const path = join(clips.path, 'primed.mkv');
    await ffmpeg(...counterInput('24', 12), ...sweepInput(12, 44_100), ...H264, '-c:a', 'aac', '-b:a', '256k', path);
    const asset = await planAsset(path);
    expect(asset.source.startMs).toBeGreaterThan(20);
    const { samples } = await encodeSound(asset, 1);
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
  const { samples } = await encodeSound(await planAsset(path), 1);
  const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  expect(loudest).toBeGreaterThan(0.1);
  expect(loudest).toBeLessThan(1);
});

test('one channel is heard on both sides at full level', async () => {
  const path = join(clips.path, 'mono.wav');
  await ffmpeg(...sweepInput(4, 48_000), '-ac', '1', path);
  const { samples } = await encodeSound(await planAsset(path), 1);
  expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ), 0.1, 3.8)).toBeGreaterThan(25);
});
