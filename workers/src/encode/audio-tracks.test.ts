import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterInput, createClipFolder, ffmpeg, H264 } from '../testing/clips.ts';
import { planAsset } from '../testing/encode-asset.ts';
import { encodeSound, peak, RATE_HZ, sweep, sweepInput, worstFidelity } from '../testing/sound.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const at = (name: string): string => join(clips.path, name);
const PICTURE = [...counterInput('25', 10, '64x36')];
const sine = (frequencyHz: number, seconds: number): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=f=${frequencyHz}:d=${seconds}:r=48000`,
];
const AAC = ['-c:a', 'aac', '-b:a', '256k'];

/** How much of a tone is in the sound between 1 and 2 s: its amplitude by correlation. */
function amplitudeOf(samples: Float32Array, frequencyHz: number): number {
  let cosine = 0;
  let sine = 0;
  for (let index = RATE_HZ; index < 2 * RATE_HZ; index += 1) {
    const phase = (2 * Math.PI * frequencyHz * index) / RATE_HZ;
    cosine += (samples[index] ?? 0) * Math.cos(phase);
    sine += (samples[index] ?? 0) * Math.sin(phase);
  }
  return (2 * Math.hypot(cosine, sine)) / RATE_HZ;
}

describe('several tracks', () => {
  test('each is a rendition with its own sound, the default one first', async () => {
    const tags = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu', '-metadata:s:a:1', 'title=Kommentar'];
    const inputs = [...PICTURE, ...sine(440, 10), ...sine(1320, 10)];
    const maps = ['-map', '0', '-map', '1', '-map', '2', '-disposition:a:0', '0', '-disposition:a:1', 'default'];
    await ffmpeg(...inputs, ...maps, ...H264, ...AAC, ...tags, at('two.mkv'));
    const asset = await planAsset(at('two.mkv'));
    const audio = asset.renditions.filter((rendition) => rendition.kind === 'audio');
    expect(audio.map(({ id, language, name, isDefault }) => ({ id, language, name, isDefault }))).toEqual([
      { id: 'a0', language: 'de', name: 'Kommentar', isDefault: true },
      { id: 'a1', language: 'en', name: expect.any(String), isDefault: false },
    ]);
    const german = await encodeSound(asset, at('two'), 1, 'a0');
    const english = await encodeSound(asset, at('two'), 1, 'a1');
    expect(amplitudeOf(german.samples, 1320)).toBeGreaterThan(20 * amplitudeOf(german.samples, 440));
    expect(amplitudeOf(english.samples, 440)).toBeGreaterThan(20 * amplitudeOf(english.samples, 1320));
  });

  test('of forty, eight are carried and a warning says so', async () => {
    const maps = Array.from({ length: 40 }, () => ['-map', '0:a']).flat();
    await ffmpeg(...sine(440, 1), ...maps, '-c:a', 'aac', '-b:a', '32k', at('forty.mp4'));
    const { source, renditions } = await planAsset(at('forty.mp4'));
    expect(renditions.map(({ id }) => id)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(source.warnings).toEqual([
      { type: 'audio_tracks_dropped', message: 'The file has 40 sound tracks; the first 8 are kept and 32 left out.' },
    ]);
  });
});

describe('where the sound does not cover the picture', () => {
  test.each(['late.mp4', 'late.mkv', 'late.ts'])('3 s late: silence first, then in its place (%s)', async (name) => {
    await ffmpeg(...PICTURE, '-itsoffset', '3', ...sweepInput(6, 48_000), ...H264, ...AAC, at(name));
    const { samples } = await encodeSound(await planAsset(at(name)), at(`${name}.out`), 1);
    expect(peak(samples, 0, 2.9)).toBeLessThan(0.01);
    const lags = Array.from({ length: 121 }, (_, index) => index * 16 - 960);
    const best = Math.max(...lags.map((lag) => worstFidelity(samples, (index) => sweep((index - lag) / RATE_HZ - 3), 3.5, 4.5)));
    // Found within 20 ms of its place.
    expect(best).toBeGreaterThan(6);
    expect(peak(samples, 3.1, 8.9)).toBeGreaterThan(0.3);
    expect(peak(samples, 9.2, 10)).toBeLessThan(0.01);
  });

  test('twice as long: the asset lasts as long as the sound', async () => {
    await ffmpeg(...PICTURE, ...sweepInput(20, 48_000), ...H264, ...AAC, at('long.mkv'));
    const asset = await planAsset(at('long.mkv'));
    expect(asset.timeline.frameCount / 25).toBeCloseTo(20, 0);
    const { samples } = await encodeSound(asset, at('long'), 1);
    expect(peak(samples, 18, 19.8)).toBeGreaterThan(0.3);
  });

  test.each(['gap.mkv', 'gap.ts'])('a gap is silent, and what follows is in its place (%s)', async (name) => {
    const cut = ['-af', "aselect='not(between(t,4,6))'"];
    await ffmpeg(...PICTURE, ...sweepInput(10, 48_000), ...cut, ...H264, '-c:a', 'ac3', '-b:a', '448k', at(name));
    const asset = await planAsset(at(name));
    const whole = await encodeSound(asset, at(`${name}.whole`));
    const { samples } = await encodeSound(asset, at(`${name}.cut`), 1);
    expect(peak(samples, 4.2, 5.8)).toBeLessThan(0.01);
    expect(peak(samples, 3, 3.9)).toBeGreaterThan(0.3);
    expect(peak(samples, 6.2, 7)).toBeGreaterThan(0.3);
    expect(worstFidelity(samples, (index) => whole.samples[index] ?? 0, 6.3, 9.5)).toBeGreaterThan(30);
  });
});

describe('damaged sound', () => {
  test('that decodes to nothing is silence as long as the track', async () => {
    await ffmpeg(...PICTURE, ...sine(440, 10), ...H264, '-c:a', 'ac3', '-bsf:a', 'noise=amount=1', at('nothing.mkv'));
    const { samples } = await encodeSound(await planAsset(at('nothing.mkv')), at('nothing'), 1);
    expect(samples.length).toBeGreaterThan(9.9 * RATE_HZ);
    expect(peak(samples, 0, 10)).toBeLessThan(1e-4);
  });

  test('is never many times louder than sound can be', async () => {
    await ffmpeg(...PICTURE, ...sine(440, 10), ...H264, ...AAC, '-bsf:a', 'noise=amount=100', at('noisy.mkv'));
    const { samples } = await encodeSound(await planAsset(at('noisy.mkv')), at('noisy'), 1);
    expect(samples.length).toBeGreaterThan(9.9 * RATE_HZ);
    // The encoder overshoots where it is fed with noise at full level.
    expect(peak(samples, 0, 10)).toBeLessThan(4);
  });

  test.each([
    ['stereo to surround', 'surround.ts', 'mpegts', ['-ac', '6']],
    ['48 to 44.1 kHz', 'slower.ts', 'mpegts', ['-ac', '2', '-ar', '44100']],
    ['stereo to surround, as of a DVD,', 'surround.mpg', 'vob', ['-ac', '6']],
  ] as const)('that changes from %s goes on in its place, in one unit as in many', async (_, name, format, options) => {
    const part = (settings: readonly string[], startSeconds: string, file: string) =>
      ffmpeg(
        ...[...PICTURE, ...sine(440, 10), ...H264, ...settings, '-c:a', 'ac3'],
        ...['-output_ts_offset', startSeconds, '-f', format, at(file)],
      );
    await part(['-ac', '2'], '0', 'stereo');
    await part(options, '10', 'other');
    await writeFile(at(name), Buffer.concat([await readFile(at('stereo')), await readFile(at('other'))]));
    const asset = await planAsset(at(name));
    const whole = await encodeSound(asset, at(`${name}.whole`));
    const { samples } = await encodeSound(asset, at(`${name}.cut`), 1);
    const loud = Array.from({ length: 19 }, (_, second) => peak(samples, second + 0.1, second + 0.9));
    expect(Math.min(...loud)).toBeGreaterThan(0.02);
    // The resampler of a run that begins after the change stands between other samples.
    expect(worstFidelity(whole.samples, (index) => samples[index] ?? 0, 0.5, 19)).toBeGreaterThan(20);
  });
});

test('silence stays silence', async () => {
  await ffmpeg(...PICTURE, '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo', '-shortest', ...H264, ...AAC, at('silent.mp4'));
  const { samples } = await encodeSound(await planAsset(at('silent.mp4')), at('silent'), 1);
  expect(samples.length).toBeGreaterThan(9 * RATE_HZ);
  expect(samples.every((sample) => Math.abs(sample) < 1e-4)).toBe(true);
});

test('the centre of 7.1 is heard on both sides', async () => {
  const centre = 'pan=7.1|FC=0.9*c0,aformat=channel_layouts=7.1';
  await ffmpeg(...sine(440, 4), '-af', centre, '-c:a', 'flac', at('wide.mka'));
  const asset = await planAsset(at('wide.mka'));
  expect(asset.source.audio[0]?.channels).toBe(8);
  const { samples } = await encodeSound(asset, at('wide'), 1);
  // The sine generator's amplitude is 1/8.
  expect(amplitudeOf(samples, 440)).toBeGreaterThan(0.02);
});

describe('far from the beginning, a track that cannot be sought is decoded once to one that can', () => {
  test.each([
    ['MP3', 'far.mp3', ['-c:a', 'libmp3lame', '-b:a', '256k']],
    ['Vorbis', 'far.ogg', ['-c:a', 'libvorbis', '-q:a', '9']],
  ] as const)('%s', async (_, name, codec) => {
    await ffmpeg(...sweepInput(140, 44_100), ...codec, at(name));
    const asset = await planAsset(at(name));
    const whole = await encodeSound(asset, at(`${name}.whole`));
    // Segments 0 to 31 are read from the beginning, the rest from the decoded copy.
    const cut = await encodeSound(asset, at(`${name}.cut`), 32);
    expect(cut.samples.length).toBe(whole.samples.length);
    expect(worstFidelity(cut.samples, (index) => whole.samples[index] ?? 0, 120, 139.8)).toBeGreaterThan(30);
  });
});

describe('sound alone', () => {
  test.each([
    ['WAV', 'alone.wav', [], 0],
    ['FLAC', 'alone.flac', ['-c:a', 'flac'], 0],
    ['ALAC', 'alone.m4a', ['-c:a', 'alac'], 0],
    // The last packet is not cut: at most one frame of the codec too long.
    ['Opus in Ogg', 'alone.ogg', ['-c:a', 'libopus', '-b:a', '256k'], 0.03],
    ['MP3', 'alone.mp3', ['-c:a', 'libmp3lame', '-b:a', '256k'], 0.06],
  ] as const)('%s is as long as it was, and begins at its first sample', async (_, name, codec, slackSeconds) => {
    await ffmpeg(...sweepInput(9, 48_000), ...codec, at(name));
    const asset = await planAsset(at(name));
    expect(asset.renditions.map(({ id }) => id)).toEqual(['a0']);
    const seconds = (asset.timeline.audioSampleCount ?? 0) / RATE_HZ;
    expect(seconds).toBeGreaterThanOrEqual(9);
    expect(seconds).toBeLessThanOrEqual(9 + slackSeconds);
    const { samples } = await encodeSound(asset, at(`${name}.out`), 1);
    expect(worstFidelity(samples, (index) => sweep(index / RATE_HZ), 0.1, 8.9)).toBeGreaterThan(20);
  });

  test.each(['cover.mp3', 'cover.m4a', 'cover.flac'])('cover art is no film (%s)', async (name) => {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=300x300', '-frames:v', '1', at('cover.png'));
    const cover = ['-i', at('cover.png'), '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
    await ffmpeg(...sine(440, 3), ...cover, at(name));
    const { source, renditions } = await planAsset(at(name));
    expect(source.video).toBeUndefined();
    expect(renditions.map(({ kind }) => kind)).toEqual(['audio']);
  });
});
