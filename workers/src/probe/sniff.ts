import { AppError } from '@mediaflow/shared/errors';

/** Content type by magic number (as `file-type` names it) to the ffmpeg demuxer that is forced on every run. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/x-m4v': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'audio/mp4': 'mov',
  'audio/x-m4a': 'mov',
  'video/matroska': 'matroska',
  'video/webm': 'matroska',
  'video/vnd.avi': 'avi',
  'video/mp2t': 'mpegts',
  'video/mpeg': 'mpeg',
  'video/MP1S': 'mpeg',
  'video/MP2P': 'mpeg',
  'video/x-flv': 'flv',
  'video/ogg': 'ogg',
  'audio/ogg': 'ogg',
  'audio/ogg; codecs=opus': 'ogg',
  'application/ogg': 'ogg',
  'video/x-ms-asf': 'asf',
  'audio/x-ms-asf': 'asf',
  'application/vnd.ms-asf': 'asf',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/aiff': 'aiff',
  'audio/amr': 'amr',
  'audio/vnd.dolby.dd-raw': 'ac3',
  'audio/x-caf': 'caf',
};

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
 * @param head the first bytes, to tell text from noise
 * @throws AppError `not_media` or `unsupported_container` with a sentence for the person who sent the file
 */
export function chooseDemuxer(mime: string | undefined, head: Uint8Array): string {
  if (mime === undefined) throw new AppError('not_media', `The file looks like ${describeUnknown(head)}, not video or audio.`);
  const demuxer = Object.hasOwn(DEMUXERS, mime) ? DEMUXERS[mime] : undefined;
  if (demuxer !== undefined) return demuxer;
  if (/^(?:video|audio)\//.test(mime)) throw new AppError('unsupported_container', `Files of the type ${mime} are not supported.`);
  const name = NAMES.find(([pattern]) => pattern.test(mime))?.[1] ?? `of the type ${mime}`;
  throw new AppError('not_media', `This file is ${name}, not video or audio.`);
}

function describeUnknown(head: Uint8Array): string {
  const isText = head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  return isText ? 'plain text' : 'data of an unknown kind';
}
