import {
  type AudioSampleEntryBox,
  createVisualSampleEntryReader,
  defaultReaderConfig,
  defaultWriterConfig,
  type IsoBoxReadViewConfig,
  type IsoBoxWriteViewConfig,
  type VisualSampleEntryBox,
  writeVisualSampleEntryBox,
} from '@svta/cml-iso-bmff';

export type VideoSampleEntry = VisualSampleEntryBox<'avc1' | 'hvc1' | 'av01'>;
/** How the samples of a track are coded (ISO/IEC 14496-12, 8.5.2), for every codec that we encode. */
export type SampleEntry = VideoSampleEntry | AudioSampleEntryBox<'mp4a'>;

/** The box library knows no AV1 by itself; its sample entry has the same fields as the others' (AV1 in ISOBMFF, 2.2). */
export const readerConfig = (): IsoBoxReadViewConfig => ({
  readers: { ...defaultReaderConfig().readers, av01: createVisualSampleEntryReader('av01') },
});
export const writerConfig = (): IsoBoxWriteViewConfig => ({
  writers: { ...defaultWriterConfig().writers, av01: writeVisualSampleEntryBox },
});

const VIDEO_TYPES: ReadonlySet<string> = new Set(['avc1', 'hvc1', 'av01'] satisfies VideoSampleEntry['type'][]);

export const isVideoEntry = (entry: { readonly type: string }): entry is VideoSampleEntry => VIDEO_TYPES.has(entry.type);
export const isSampleEntry = (entry: { readonly type: string }): entry is SampleEntry => entry.type === 'mp4a' || isVideoEntry(entry);

/** Boxes of a sample entry that say how to decode; `btrt` and the like say how much was produced, which differs by segment. */
const DECODING_BOXES: ReadonlySet<string> = new Set(['avcC', 'hvcC', 'av1C', 'esds', 'colr', 'pasp']);

/** The entry without anything that depends on the content or on the encoder's version: the same from every segment. */
export function stableSampleEntry(entry: SampleEntry): SampleEntry {
  const boxes = entry.boxes.filter((box: { type: string }) => DECODING_BOXES.has(box.type));
  return isVideoEntry(entry) ? { ...entry, boxes, compressorName: new Array<number>(32).fill(0) } : { ...entry, boxes };
}

/**
 * Frames between decoding and showing: x264 and x265 reorder over a B-frame pyramid. An edit list takes the delay back, so
 * that frame 0 is shown at 0. Negative composition offsets would do without one, but ffmpeg's demuxer, and with it mpv and
 * many an editor, shifts the pictures of such a track by the delay against the sound. AV1 reorders inside its samples, which
 * carry one shown picture each.
 */
export const reorderFrames = ({ type }: SampleEntry): number => (type === 'avc1' || type === 'hvc1' ? 2 : 0);

/** The codec, profile and level that a track really has, as RFC 6381 and the codecs' bindings write them. */
export function codecsOf(entry: SampleEntry): string {
  switch (entry.type) {
    case 'avc1':
      // Profile, constraints and level (ISO/IEC 14496-15, 5.3.3.1).
      return `avc1.${hex(configuration(entry, 'avcC').subarray(1, 4))}`;
    case 'hvc1':
      return hevcCodecs(configuration(entry, 'hvcC'));
    case 'av01':
      return av1Codecs(configuration(entry, 'av1C'));
    case 'mp4a':
      return 'mp4a.40.2';
  }
}

/** ISO/IEC 14496-15 annex E.3 of the configuration record of 8.3.3.1. */
function hevcCodecs(record: Uint8Array): string {
  const [, general = 0] = record;
  const space = ['', 'A', 'B', 'C'][general >> 6] ?? '';
  const tier = (general >> 5) & 1 ? 'H' : 'L';
  const compatibility = Array.from(record.subarray(2, 6)).reduce((bits, byte) => bits * 256 + byte, 0);
  const constraints = hex(record.subarray(6, 12))
    .replace(/(?:00)+$/, '')
    .toUpperCase();
  const tail = constraints.match(/../g) ?? [];
  return ['hvc1', `${space}${general & 31}`, reverseBits(compatibility).toString(16), `${tier}${record[12] ?? 0}`, ...tail].join('.');
}

/** AV1 in ISOBMFF, 2.3.3 and 5: profile, level, tier and depth of `av1C`. */
function av1Codecs(record: Uint8Array): string {
  const [, sequence = 0, flags = 0] = record;
  const level = String(sequence & 31).padStart(2, '0');
  const depth = (flags & 0x40) === 0 ? '08' : (flags & 0x20) === 0 ? '10' : '12';
  return `av01.${sequence >> 5}.${level}${(flags & 0x80) === 0 ? 'M' : 'H'}.${depth}`;
}

const BOX_HEADER_BYTES = 8;

/** Contents of a sample entry's decoder configuration; empty where there is none. */
function configuration({ boxes }: SampleEntry, type: string): Uint8Array {
  const box: { view: DataView; size: number } | undefined = boxes.find((candidate: { type: string }) => candidate.type === type);
  if (box === undefined) return new Uint8Array();
  return new Uint8Array(box.view.buffer, box.view.byteOffset + BOX_HEADER_BYTES, box.size - BOX_HEADER_BYTES);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function reverseBits(word: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = reversed * 2 + (Math.floor(word / 2 ** bit) % 2);
  return reversed;
}
