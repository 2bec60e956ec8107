import { AUDIO_PRIMING_SAMPLES, AUDIO_SAMPLE_RATE_HZ, type Timeline, videoTimescale } from '@mediaflow/shared/timeline';
import {
  type DataInformationBox,
  type EditBox,
  type FileTypeBox,
  type MovieBox,
  type SampleDescriptionBox,
  type SampleTableBox,
  type TrackBox,
  writeIsoBoxes,
} from '@svta/cml-iso-bmff';
import { concatBytes } from './concat-bytes.ts';
import { isVideoEntry, reorderFrames, type SampleEntry, stableSampleEntry, writerConfig } from './sample-entry.ts';

export const TRACK_ID = 1;

/** Unity, with the last row in 2.30 fixed point (ISO/IEC 14496-12, 8.2.2). */
const MATRIX = [1, 0, 0, 0, 1, 0, 0, 0, 16384];

/**
 * The CMAF header (ISO/IEC 23000-19, 7.3.1) of a rendition: `ftyp` and `moov`, without samples. The same bytes from every
 * unit, so that any unit may store it. Nothing in it depends on the encoder's version or the time of day.
 */
export function stringifyInitSegment(entry: SampleEntry, timeline: Timeline): Uint8Array {
  const ftyp: FileTypeBox = { type: 'ftyp', majorBrand: 'iso6', minorVersion: 0, compatibleBrands: ['iso6', 'cmfc', 'mp41'] };
  return concatBytes(writeIsoBoxes([ftyp, movie(entry, timeline)], writerConfig()));
}

function movie(entry: SampleEntry, timeline: Timeline): MovieBox {
  return {
    type: 'moov',
    boxes: [
      {
        type: 'mvhd',
        version: 0,
        flags: 0,
        creationTime: 0,
        modificationTime: 0,
        timescale: 1000,
        duration: 0,
        rate: 1,
        volume: 1,
        reserved1: 0,
        reserved2: [0, 0],
        matrix: MATRIX,
        preDefined: [0, 0, 0, 0, 0, 0],
        nextTrackId: TRACK_ID + 1,
      },
      track(entry, timeline),
      {
        type: 'mvex',
        boxes: [
          {
            type: 'trex',
            version: 0,
            flags: 0,
            trackId: TRACK_ID,
            defaultSampleDescriptionIndex: 1,
            defaultSampleDuration: 0,
            defaultSampleSize: 0,
            defaultSampleFlags: 0,
          },
        ],
      },
    ],
  };
}

function track(entry: SampleEntry, timeline: Timeline): TrackBox {
  const isVideo = isVideoEntry(entry);
  return {
    type: 'trak',
    boxes: [
      {
        type: 'tkhd',
        version: 0,
        // Track enabled, in movie.
        flags: 3,
        creationTime: 0,
        modificationTime: 0,
        trackId: TRACK_ID,
        reserved1: 0,
        duration: 0,
        reserved2: [0, 0],
        layer: 0,
        alternateGroup: 0,
        volume: isVideo ? 0 : 1,
        reserved3: 0,
        matrix: MATRIX,
        width: isVideo ? entry.width : 0,
        height: isVideo ? entry.height : 0,
      },
      startAt(isVideo ? reorderFrames(entry) * videoTimescale(timeline.frameRate).frameTicks : AUDIO_PRIMING_SAMPLES),
      {
        type: 'mdia',
        boxes: [
          {
            type: 'mdhd',
            version: 0,
            flags: 0,
            creationTime: 0,
            modificationTime: 0,
            timescale: isVideo ? videoTimescale(timeline.frameRate).timescale : AUDIO_SAMPLE_RATE_HZ,
            duration: 0,
            language: 'und',
            preDefined: 0,
          },
          {
            type: 'hdlr',
            version: 0,
            flags: 0,
            preDefined: 0,
            handlerType: isVideo ? 'vide' : 'soun',
            reserved: [0, 0, 0],
            name: isVideo ? 'video' : 'audio',
          },
          {
            type: 'minf',
            boxes: [
              isVideo
                ? { type: 'vmhd', version: 0, flags: 1, graphicsmode: 0, opcolor: [0, 0, 0] }
                : { type: 'smhd', version: 0, flags: 0, balance: 0, reserved: 0 },
              dataInformation(),
              sampleTable(entry),
            ],
          },
        ],
      },
    ],
  };
}

/**
 * Presentation begins at `mediaTime`, in the track's ticks: after the reorder delay of the pictures, after the priming
 * of the sound. Duration 0 is "to the end" of a fragmented track (8.6.6).
 */
function startAt(mediaTime: number): EditBox {
  const entries = [{ segmentDuration: 0, mediaTime, mediaRateInteger: 1, mediaRateFraction: 0 }];
  return { type: 'edts', boxes: [{ type: 'elst', version: 0, flags: 0, entryCount: entries.length, entries }] };
}

function dataInformation(): DataInformationBox {
  // Flag 1: the media data is in the same file.
  return {
    type: 'dinf',
    boxes: [{ type: 'dref', version: 0, flags: 0, entryCount: 1, entries: [{ type: 'url ', version: 0, flags: 1, location: '' }] }],
  };
}

function sampleTable(entry: SampleEntry): SampleTableBox {
  const stsd: SampleDescriptionBox<SampleEntry> = {
    type: 'stsd',
    version: 0,
    flags: 0,
    entryCount: 1,
    entries: [stableSampleEntry(entry)],
  };
  return {
    type: 'stbl',
    boxes: [
      // The library's type of this list has no AV1; its writer takes what `writerConfig` brings.
      stsd as SampleDescriptionBox,
      { type: 'stts', version: 0, flags: 0, entryCount: 0, entries: [] },
      { type: 'stsc', version: 0, flags: 0, entryCount: 0, entries: [] },
      { type: 'stsz', version: 0, flags: 0, sampleSize: 0, sampleCount: 0 },
      { type: 'stco', version: 0, flags: 0, entryCount: 0, chunkOffset: [] },
    ],
  };
}
