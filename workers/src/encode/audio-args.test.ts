import type { AudioRendition } from '@mediaflow/shared/rendition';
import type { AudioStream } from '@mediaflow/shared/source';
import { expect, test } from 'vitest';
import { type AudioEncode, audioCommand, deriveCommand, encodedFrom } from './audio-args.ts';
import { derivedTrack, type SoundTrack } from './sound-track.ts';

const stream: AudioStream = { index: 1, codec: 'aac', channels: 2, sampleRateHz: 44_100, startMs: 0, endMs: 60_000, isSeekExact: true };
const rendition: AudioRendition = {
  kind: 'audio',
  id: 'a0',
  streamIndex: 1,
  codecs: 'mp4a.40.2',
  channels: 2,
  bitrateBps: 128_000,
  name: 'Default',
  isDefault: true,
};
const track: SoundTrack = { path: '/scratch/source', demuxer: 'mov', stream, originSeconds: 0, gridSeconds: 0 };
const seek: AudioEncode = {
  track,
  reading: { from: 'source', anchorSeconds: 20, seekSeconds: 18 },
  rendition,
  frames: { first: 1000, count: 188 },
  outputPath: '/scratch/a0.mp4',
};
const withStream = (changes: Partial<AudioStream>): SoundTrack => ({ ...track, stream: { ...stream, ...changes } });
const filterOf = (encode: AudioEncode): string => audioCommand(encode).filters[0] ?? '';

test('begins on a whole second before its pre-roll', () => {
  expect(encodedFrom(seek.frames)).toBe(976);
  expect(audioCommand(seek).inputOptions.slice(0, 10).join(' ')).toBe(
    '-copyts -noaccurate_seek -threads 1 -max_error_rate 1 -ss 18.000 -f mov',
  );
  // 976 frames are 20.82 s; from second 20 on, 39424 samples are passed over.
  expect(filterOf(seek)).toBe(
    "[0:1]asetpts='PTS-round(0.000000/TB)',atrim=start=20,asetpts=PTS-20/TB," +
      'aresample=48000:async=1:min_hard_comp=0.02:ochl=stereo:rematrix_maxval=1:osf=fltp,' +
      'atrim=start_pts=39424:end_pts=260608,asoftclip=type=hard,asetpts=PTS-39424[a0]',
  );
});

test('is filled with silence only where the track has nothing', () => {
  // The window ends at 25.43 s.
  expect(filterOf({ ...seek, track: withStream({ endMs: 26_500 }) })).not.toContain('apad');
  expect(filterOf({ ...seek, track: withStream({ endMs: 24_000 }) })).toContain(`apad=pad_len=${260_608 + 20 * 48_000 - 23 * 48_000},`);
  expect(filterOf({ ...seek, track: withStream({ startMs: 20_500 }) })).toContain(':first_pts=0');
});

test('is filled with silence wherever it has nothing when there is no other way to read', () => {
  const filter = filterOf({ ...seek, reading: { from: 'derived', anchorSeconds: 0, seekSeconds: 0, isFinal: true } });
  expect(filter).toContain(':first_pts=0,apad,atrim=');
});

test('puts frames on their grid, counted in samples of the decoder', () => {
  const onGrid = { ...withStream({ isSeekExact: false, frameGrid: { startMs: 23, samples: 1024 } }), gridSeconds: 1.423 };
  const filter = filterOf({ ...seek, track: onGrid });
  expect(filter).toContain('round(1.423000*SR)+round((PTS+S-round(1.423000*SR))/(1024*SR/44100))*(1024*SR/44100)-S');
  expect(filter).toContain('min_hard_comp=0.005');
});

test('doubles a single channel instead of lowering it', () => {
  expect(filterOf({ ...seek, track: withStream({ channels: 1 }) })).toContain('pan=stereo|c0=c0|c1=c0,aresample');
});

test('a derived track is whole, on the timeline, and read as it is', () => {
  const [filter] = deriveCommand({ ...withStream({ channels: 1 }), originSeconds: 1.4 }, '/scratch/sound').filters;
  expect(filter).toContain("asetpts='PTS-round(1.400000/TB)',atrim=start=0,");
  const derived = derivedTrack({ ...withStream({ channels: 1 }), originSeconds: 1.4 }, '/scratch/sound');
  expect(filterOf({ ...seek, track: derived })).toContain("[0:0]asetpts='PTS-round(0.000000/TB)',atrim=start=20,");
  expect(filterOf({ ...seek, track: derived })).not.toContain('pan=');
  // Where parts of a broadcast overlap by half a frame, all runs leave out the same.
  expect(filterOf({ ...seek, track: derived })).toContain('min_hard_comp=0.005');
});
