import { readIsoBoxes } from '@svta/cml-iso-bmff';
import { describe, expect, test } from 'vitest';
import { codecsOf, reorderFrames, stableSampleEntry, type VideoSampleEntry } from './sample-entry.ts';

/** A box as the reader hands it out: its bytes, header first. */
function box(type: string, content: readonly number[]) {
  const name = Array.from(type, (letter) => letter.charCodeAt(0));
  const [parsed] = readIsoBoxes(Uint8Array.from([0, 0, 0, 8 + content.length, ...name, ...content]));
  return parsed;
}

const entry = (type: VideoSampleEntry['type'], boxes: readonly unknown[]): VideoSampleEntry => ({
  ...{ type, reserved1: [0, 0, 0, 0, 0, 0], dataReferenceIndex: 1, preDefined1: 0, reserved2: 0, preDefined2: [0, 0, 0] },
  ...{ width: 320, height: 180, horizresolution: 72, vertresolution: 72, reserved3: 0, frameCount: 1 },
  ...{ compressorName: [4, 0x4c, 0x61, 0x76, 0x63], depth: 24, preDefined3: -1, boxes: [...boxes] },
});

/** General profile, compatibility, constraints and level of a decoder configuration record, as bytes 1 to 12. */
const hvcC = (profile: number, compatibility: readonly number[], constraints: readonly number[], level: number) =>
  box('hvcC', [1, profile, ...compatibility, ...constraints, level]);

describe('codecsOf', () => {
  test.each([
    { name: 'H.264 High 4.0', of: entry('avc1', [box('avcC', [1, 0x64, 0x00, 0x28, 0xff])]), codecs: 'avc1.640028' },
    // As x265 writes them.
    {
      name: 'HEVC Main 3.0',
      of: entry('hvc1', [hvcC(1, [0x60, 0, 0, 0], [0x90, 0, 0, 0, 0, 0], 90)]),
      codecs: 'hvc1.1.6.L90.90',
    },
    // The example of ISO/IEC 14496-15, annex E.3.
    { name: 'HEVC Main, packed', of: entry('hvc1', [hvcC(1, [0x60, 0, 0, 0], [0xb0, 0, 0, 0, 0, 0], 93)]), codecs: 'hvc1.1.6.L93.B0' },
    {
      name: 'HEVC Main 10, high tier, a later constraint',
      of: entry('hvc1', [hvcC(0x22, [0x20, 0, 0, 0], [0x90, 0, 0x08, 0, 0, 0], 150)]),
      codecs: 'hvc1.2.4.H150.90.00.08',
    },
    { name: 'AV1 Main 4.0', of: entry('av01', [box('av1C', [0x81, 0x08, 0x0c, 0])]), codecs: 'av01.0.08M.08' },
    { name: 'AV1 High 5.1, high tier, 10 bits', of: entry('av01', [box('av1C', [0x81, 0x2d, 0xcc, 0])]), codecs: 'av01.1.13H.10' },
  ])('$name', ({ of, codecs }) => {
    expect(codecsOf(of)).toBe(codecs);
  });

  test('makes no codec of an entry without a configuration', () => {
    expect(codecsOf(entry('avc1', []))).toBe('avc1.');
  });
});

test('keeps what decoding needs and drops what differs from segment to segment', () => {
  const stable = stableSampleEntry(entry('av01', [box('av1C', [0x81, 0x08, 0x0c, 0]), box('btrt', [9, 9]), box('pasp', [1, 1])]));
  expect(stable.boxes.map(({ type }: { type: string }) => type)).toEqual(['av1C', 'pasp']);
  expect(stable).toMatchObject({ compressorName: new Array(32).fill(0) });
});

test.each([
  ['avc1', 2],
  ['hvc1', 2],
  ['av01', 0],
] as const)('%s shows a picture %i frames after it is decoded', (type, frames) => {
  expect(reorderFrames(entry(type, []))).toBe(frames);
});
