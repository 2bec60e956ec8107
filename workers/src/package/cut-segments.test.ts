import type { AudioRendition, VideoRendition } from '@mediaflow/shared/rendition';
import type { Timeline } from '@mediaflow/shared/timeline';
import { readIsoBoxes } from '@svta/cml-iso-bmff';
import { describe, expect, test } from 'vitest';
import { cutSegments } from './cut-segments.ts';
import type { CodedTrack, Sample } from './fragmented-mp4.ts';
import { stringifyInitSegment } from './init-segment.ts';
import { readKeyframeBytes } from './keyframe-bytes.ts';
import type { SampleEntry } from './sample-entry.ts';

const timeline: Timeline = {
  frameRate: { num: 25, den: 1 },
  framesPerSegment: 4,
  frameCount: 10,
  segmentCount: 3,
  audioSampleCount: 19_200,
};
const video: VideoRendition = {
  kind: 'video',
  id: 'v180',
  codec: 'h264',
  preset: 'veryfast',
  threads: 1,
  width: 320,
  height: 180,
  frameRate: timeline.frameRate,
  level: '2.1',
  codecs: 'avc1.640015',
  crf: 21,
  maxBitrateBps: 400_000,
  bufferBits: 400_000,
};
const audio: AudioRendition = {
  kind: 'audio',
  id: 'a0',
  streamIndex: 1,
  codecs: 'mp4a.40.2',
  channels: 2,
  bitrateBps: 128_000,
  name: 'Default',
  isDefault: true,
};

/** A box as the reader hands it out: its bytes, header first. */
function box(type: string, content: readonly number[]) {
  const [parsed] = readIsoBoxes(
    Uint8Array.from([0, 0, 0, 8 + content.length, ...Array.from(type, (letter) => letter.charCodeAt(0)), ...content]),
  );
  return parsed;
}
const avc1: SampleEntry = {
  type: 'avc1',
  reserved1: [0, 0, 0, 0, 0, 0],
  dataReferenceIndex: 1,
  preDefined1: 0,
  reserved2: 0,
  preDefined2: [0, 0, 0],
  width: 320,
  height: 180,
  horizresolution: 72,
  vertresolution: 72,
  reserved3: 0,
  frameCount: 1,
  compressorName: Array.from('Lavc', (letter) => letter.charCodeAt(0)),
  depth: 24,
  preDefined3: -1,
  boxes: [box('avcC', [1, 0x64, 0x00, 0x15]), box('btrt', [1, 2, 3, 4])],
};
const mp4a: SampleEntry = {
  type: 'mp4a',
  reserved1: [0, 0, 0, 0, 0, 0],
  dataReferenceIndex: 1,
  reserved2: [0, 0],
  channelcount: 2,
  samplesize: 16,
  preDefined: 0,
  reserved3: 0,
  samplerate: 48_000,
  boxes: [box('esds', [0])],
};

/** Samples in decoding order, by the frame each shows: [0, 2, 1, 3] has one B-frame. 40 ticks a frame. */
const group = (...shown: readonly number[]): readonly Sample[] =>
  shown.map((frame, index) => ({
    data: Uint8Array.of(frame),
    isSync: index === 0,
    duration: 40,
    compositionOffset: (frame - index + 2) * 40,
  }));
const track = (samples: readonly Sample[], sampleEntry: SampleEntry = avc1): CodedTrack => ({ sampleEntry, samples });
const cut = (samples: readonly Sample[], firstSegment = 0, segmentCount = 2) =>
  cutSegments(track(samples), video, timeline, { firstSegment, segmentCount });

describe('what the encoder made is refused unless it is what the playlists promised', () => {
  const whole = [...group(0, 2, 1, 3), ...group(0, 1, 3, 2)];
  const [first, second, third, fourth] = group(0, 2, 1, 3);
  test.each<readonly [string, readonly Sample[]]>([
    ['a frame too few', whole.slice(0, -1)],
    ['a frame too many', [...whole, ...group(0)]],
    ['a keyframe in the middle', [...group(0, 1), ...group(0, 1), ...group(0, 2, 1, 3)]],
    ['no keyframe at the seam', whole.map((sample, index) => ({ ...sample, isSync: index === 0 }))],
    ['one picture twice and one not at all', [...group(0, 2, 2, 3), ...group(0, 1, 3, 2)]],
    ['a picture shown before its segment begins', [...group(0, 2, 1, 3), ...group(0, -1, 1, 2)]],
  ])('%s', (_, samples) => {
    expect(() => cut(samples)).toThrow(expect.objectContaining({ code: 'encode_failed' }));
  });

  test('another level than announced', () => {
    expect(() =>
      cutSegments(track(group(0, 1, 2, 3)), { ...video, codecs: 'avc1.64001f' }, timeline, { firstSegment: 0, segmentCount: 1 }),
    ).toThrow(/avc1\.640015.*avc1\.64001f/);
  });

  test('and taken when it is', () => {
    expect(cut(whole).segments).toHaveLength(2);
    expect([first, second, third, fourth].map((sample) => sample?.compositionOffset)).toEqual([80, 120, 40, 80]);
  });
});

describe('segments', () => {
  test('carry their place on the timeline', () => {
    const [segment] = cut(group(0, 1), 2, 1).segments;
    const boxes = readIsoBoxes(segment?.bytes ?? new Uint8Array());
    expect(boxes.map(({ type }) => type)).toEqual(['styp', 'moof', 'mdat']);
    // Segment 2 is fragment 3 and begins at frame 8: 8 x 40 ticks, in 64 bits.
    const bytes = Buffer.from(segment?.bytes ?? []);
    expect(bytes.readUInt32BE(bytes.indexOf('mfhd') + 8)).toBe(3);
    expect(bytes.readBigUInt64BE(bytes.indexOf('tfdt') + 8)).toBe(320n);
  });

  test('say where their first picture ends, and a reader of their first bytes finds the same', () => {
    const samples = group(0, 2, 1, 3).map((sample, index) => ({ ...sample, data: new Uint8Array(100 - index).fill(index + 1) }));
    const [segment] = cut(samples, 0, 1).segments;
    const { bytes, keyframeBytes = 0 } = segment ?? { bytes: new Uint8Array() };
    expect([...bytes.subarray(keyframeBytes - 100, keyframeBytes + 1)]).toEqual([...new Array<number>(100).fill(1), 2]);
    expect(readKeyframeBytes(bytes.subarray(0, bytes.length - 350))).toBe(keyframeBytes);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['something else', new Uint8Array(4096).fill(7)],
    ['less than a header', new Uint8Array(3)],
    ['zeros after the first headers', cut(group(0, 2, 1, 3), 0, 1).segments[0]?.bytes.map((byte, index) => (index < 40 ? byte : 0))],
    ['a head cut short', cut(group(0, 2, 1, 3), 0, 1).segments[0]?.bytes.subarray(0, 60)],
  ])('are not taken for such where the head is %s', (_, head) => {
    expect(readKeyframeBytes(head ?? new Uint8Array())).toBeUndefined();
  });

  test('of a run too short to reorder have the same delay as all others', () => {
    const alone: readonly Sample[] = [{ data: Uint8Array.of(1), isSync: true, duration: 40, compositionOffset: 0 }];
    const last: Timeline = { ...timeline, frameCount: 9 };
    const [segment] = cutSegments(track(alone), video, last, { firstSegment: 2, segmentCount: 1 }).segments;
    const bytes = Buffer.from(segment?.bytes ?? []);
    // trun: flags, count, data offset, first flags, then size and composition offset of the one sample.
    expect(bytes.readUInt32BE(bytes.indexOf('trun') + 24)).toBe(80);
  });

  test('of sound follow each other without a gap', () => {
    const samples = Array.from({ length: 20 }, (_, frame) => ({
      data: Uint8Array.of(frame),
      isSync: true,
      duration: 40,
      compositionOffset: 0,
    }));
    const whole = cutSegments(track(samples, mp4a), audio, timeline, { firstSegment: 0, segmentCount: 3 }).segments.map(({ bytes }) =>
      Buffer.from(bytes),
    );
    const starts = whole.map((bytes) => Number(bytes.readBigUInt64BE(bytes.indexOf('tfdt') + 8)));
    const counts = whole.map((bytes) => bytes.readUInt32BE(bytes.indexOf('trun') + 8));
    expect(starts).toEqual([0, (counts[0] ?? 0) * 1024, ((counts[0] ?? 0) + (counts[1] ?? 0)) * 1024]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
  });
});

describe('the init segment', () => {
  test('does not depend on what a run happened to produce', () => {
    const other: SampleEntry = { ...avc1, compressorName: [1], boxes: [box('avcC', [1, 0x64, 0x00, 0x15]), box('btrt', [9, 9])] };
    expect(stringifyInitSegment(other, timeline)).toEqual(stringifyInitSegment(avc1, timeline));
  });

  test('starts pictures after the reorder delay and sound after the priming', () => {
    const mediaTime = (entry: SampleEntry): number => {
      const bytes = Buffer.from(stringifyInitSegment(entry, timeline));
      return bytes.readInt32BE(bytes.indexOf('elst') + 16);
    };
    expect(mediaTime(avc1)).toBe(80);
    expect(mediaTime(mp4a)).toBe(1024);
  });
});
