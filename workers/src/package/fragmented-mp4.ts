import { AppError } from '@mediaflow/shared/errors';
import { findIsoBox, isIsoBoxType, type ParsedIsoBox, readIsoBoxes, type TrackFragmentBox, type TrackRunBox } from '@svta/cml-iso-bmff';
import { isSampleEntry, readerConfig, type SampleEntry } from './sample-entry.ts';

/** One coded frame. */
export interface Sample {
  readonly data: Uint8Array;
  readonly isSync: boolean;
  /** Until the next one is decoded, in the track's ticks. */
  readonly duration: number;
  /** Presentation minus decoding time, in the track's ticks. */
  readonly compositionOffset: number;
}

/** The one track of a fragmented file that ffmpeg wrote (ISO/IEC 14496-12, 8.8). */
export interface CodedTrack {
  readonly sampleEntry: SampleEntry;
  /** In decoding order. */
  readonly samples: readonly Sample[];
}

/** sample_is_non_sync_sample of the sample flags (8.8.3.1). */
const NON_SYNC_FLAG = 0x0001_0000;

/** @throws AppError `encode_failed` when the file holds no track of a codec that we encode */
export function readFragmentedMp4(file: Uint8Array): CodedTrack {
  const boxes = readIsoBoxes(file, readerConfig());
  const stsd = findIsoBox<unknown>(boxes, (box) => isIsoBoxType('stsd', box));
  const entries: readonly { type: string }[] = isIsoBoxType('stsd', stsd) ? stsd.entries : [];
  const sampleEntry = entries.find(isSampleEntry);
  if (sampleEntry === undefined) throw new AppError('encode_failed', 'The encoder wrote a file without a track.');
  return { sampleEntry, samples: boxes.flatMap((box) => readFragment(file, box)) };
}

function readFragment(file: Uint8Array, moof: ParsedIsoBox): readonly Sample[] {
  if (!isIsoBoxType('moof', moof)) return [];
  const traf = moof.boxes.find((box) => isIsoBoxType('traf', box));
  if (traf === undefined) return [];
  // `default-base-is-moof`: data offsets count from the first byte of this moof.
  const moofOffset = moof.view.byteOffset - file.byteOffset;
  return traf.boxes.flatMap((box) => (isIsoBoxType('trun', box) ? readRun(file, moofOffset, traf, box) : []));
}

function readRun(file: Uint8Array, moofOffset: number, traf: TrackFragmentBox, run: TrackRunBox): readonly Sample[] {
  const header = traf.boxes.find((box) => isIsoBoxType('tfhd', box));
  let offset = moofOffset + (run.dataOffset ?? 0);
  return run.samples.map((sample, index) => {
    const sizeBytes = sample.sampleSize ?? header?.defaultSampleSize ?? 0;
    const flags = sample.sampleFlags ?? (index === 0 ? run.firstSampleFlags : undefined) ?? header?.defaultSampleFlags ?? 0;
    const data = file.subarray(offset, offset + sizeBytes);
    if (sizeBytes === 0 || data.byteLength !== sizeBytes) throw new AppError('encode_failed', 'The encoder wrote an incomplete file.');
    offset += sizeBytes;
    return {
      data,
      isSync: (flags & NON_SYNC_FLAG) === 0,
      duration: sample.sampleDuration ?? header?.defaultSampleDuration ?? 0,
      compositionOffset: sample.sampleCompositionTimeOffset ?? 0,
    };
  });
}
