import { AppError } from '@mediaflow/shared/errors';
import { findStride } from './ts/packets.ts';

/** A container format that is taken. */
export interface Container {
  /** What people call it. */
  readonly label: string;
  /** The ffmpeg demuxer that is forced on every run. */
  readonly demuxer: string;
  /** Its content types by magic number, as `file-type` names them. */
  readonly types: readonly string[];
}

export const CONTAINERS: readonly Container[] = [
  {
    label: 'MP4, QuickTime, M4A, 3GP',
    demuxer: 'mov',
    types: ['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp', 'video/3gpp2', 'audio/mp4', 'audio/x-m4a'],
  },
  { label: 'Matroska, WebM', demuxer: 'matroska', types: ['video/matroska', 'video/webm'] },
  { label: 'AVI', demuxer: 'avi', types: ['video/vnd.avi'] },
  { label: 'MPEG transport stream', demuxer: 'mpegts', types: ['video/mp2t'] },
  { label: 'MPEG program stream', demuxer: 'mpeg', types: ['video/mpeg', 'video/MP1S', 'video/MP2P'] },
  { label: 'Flash Video', demuxer: 'flv', types: ['video/x-flv'] },
  { label: 'Ogg', demuxer: 'ogg', types: ['video/ogg', 'audio/ogg', 'audio/ogg; codecs=opus', 'application/ogg'] },
  { label: 'ASF (WMV, WMA)', demuxer: 'asf', types: ['video/x-ms-asf', 'audio/x-ms-asf', 'application/vnd.ms-asf'] },
  { label: 'WAV', demuxer: 'wav', types: ['audio/wav'] },
  { label: 'AIFF', demuxer: 'aiff', types: ['audio/aiff'] },
  { label: 'Core Audio Format', demuxer: 'caf', types: ['audio/x-caf'] },
  { label: 'FLAC', demuxer: 'flac', types: ['audio/flac'] },
  { label: 'MP3', demuxer: 'mp3', types: ['audio/mpeg'] },
  { label: 'AAC (ADTS)', demuxer: 'aac', types: ['audio/aac'] },
  { label: 'AMR', demuxer: 'amr', types: ['audio/amr'] },
  { label: 'Dolby Digital', demuxer: 'ac3', types: ['audio/vnd.dolby.dd-raw'] },
];

const DEMUXERS: ReadonlyMap<string, string> = new Map(
  CONTAINERS.flatMap(({ demuxer, types }) => types.map((type) => [type, demuxer] as const)),
);

/** What people upload by mistake, in their words. */
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^application\/pdf$/, 'a PDF document'],
  [/^image\//, 'a still picture'],
  [/zip|rar|7z|tar|gzip|bzip|compressed/, 'an archive'],
  [/officedocument|opendocument|msword|x-cfb|rtf/, 'an office document'],
  [/^font\//, 'a font'],
  [/html|xml/, 'a web page'],
  [/elf|msdownload|mach|executable/, 'a program'],
];

/**
 * The demuxer for a file's content; its name plays no part.
 *
 * @param mime what the magic numbers say; undefined when they say nothing
 * @param head the first bytes, to tell text from noise, and noise from what comes behind it
 * @throws AppError `not_media` or `unsupported_container` with a sentence for the person who sent the file
 */
export function chooseDemuxer(mime: string | undefined, head: Buffer): string {
  if (mime === undefined) return chooseUnnamed(head);
  const demuxer = DEMUXERS.get(mime);
  if (demuxer !== undefined) return demuxer;
  if (/^(?:video|audio)\//.test(mime)) throw new AppError('unsupported_container', `Files of the type ${mime} are not supported.`);
  const name = isEncryptedZip(mime, head)
    ? 'an encrypted archive'
    : (NAMES.find(([pattern]) => pattern.test(mime))?.[1] ?? `of the type ${mime}`);
  throw new AppError('not_media', `This file is ${name}, not video or audio.`);
}

/** Bit 0 of the first entry's flags (PKWARE APPNOTE 4.4.4). */
const isEncryptedZip = (mime: string, head: Uint8Array): boolean => mime === 'application/zip' && ((head[6] ?? 0) & 1) === 1;

/** What QuickTime files of old cameras begin with, which have no `ftyp`; `file-type` knows `free`, `mdat`, `moov` and `wide` alone. */
const QUICKTIME_BEGINNINGS: ReadonlySet<string> = new Set(['skip', 'pnot', 'PICT', 'junk', 'udta', 'uuid']);

function chooseUnnamed(head: Buffer): string {
  const isText = head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  if (!isText && QUICKTIME_BEGINNINGS.has(head.toString('latin1', 4, 8))) return 'mov';
  // A receiver that is switched on records what it hears until it is in step with the sender.
  if (!isText && findStride(head) !== undefined) return 'mpegts';
  throw new AppError('not_media', `The file looks like ${isText ? 'plain text' : 'data of an unknown kind'}, not video or audio.`);
}
