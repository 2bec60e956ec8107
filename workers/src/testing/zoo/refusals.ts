import { randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import type { ErrorCode } from '@mediaflow/shared/errors';
import { ffmpeg } from '../clips.ts';
import { moving, picture, tone, X264, type ZooCase } from './zoo-case.ts';

/** A file of these bytes, with the name of a video. */
function bytes(name: string, content: string | Uint8Array, message: RegExp, code: ErrorCode = 'not_media'): ZooCase {
  return {
    name,
    file: 'holiday.mp4',
    make: (path) => writeFile(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content),
    verdict: { code, message },
  };
}

/** A file that ffmpeg makes, renamed to that of a video. */
function disguised(name: string, format: string, args: readonly string[], code: ErrorCode, message: RegExp): ZooCase {
  return { name, file: 'holiday.mp4', make: (path) => ffmpeg(...args, '-f', format, path), verdict: { code, message } };
}

const NOT_MEDIA: readonly ZooCase[] = [
  bytes('nothing', '', /empty/, 'empty_source'),
  bytes('one byte', 'x', /plain text/),
  bytes('a megabyte of noise', randomBytes(1_000_000).fill(0x13, 0, 16), /unknown kind/),
  bytes('a program', '\x7fELF\x02\x01\x01\x00'.padEnd(4_096, '\0'), /program/),
  bytes('a document', '%PDF-1.7\n%\xe2\xe3\n1 0 obj', /PDF/),
  bytes('an archive', 'PK\x03\x04\x14\x00\x00\x00\x08\x00'.padEnd(64, '\0'), /archive/),
  bytes('an archive with a password', 'PK\x03\x04\x14\x00\x01\x00\x08\x00'.padEnd(64, '\0'), /encrypted archive/),
  bytes('a drawing', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', /web page/),
  bytes('a web page', '<!DOCTYPE html><html><body>Hello</body></html>', /plain text|web page/),
  bytes('a text', 'Dear diary\n'.repeat(100), /plain text/),
  bytes('subtitles alone', '1\n00:00:00,000 --> 00:00:02,000\nhello\n', /plain text/),
  disguised('a still picture', 'image2', [...picture(), '-frames:v', '1', '-c:v', 'png'], 'not_media', /still picture/),
  disguised('an animated GIF', 'gif', moving('64x36', '25', 1), 'not_media', /still picture/),
  disguised('an animated WebP', 'webp', [...moving('64x36', '25', 1), '-c:v', 'libwebp_anim'], 'not_media', /still picture/),
];

const LIMITS: readonly ZooCase[] = [
  disguised('a pixel bomb', 'mp4', [...picture('8192x8192', { rate: '1', seconds: 2 }), ...X264], 'limit_pixels', /8192 x 8192/),
  disguised('25 hours', 'mp4', [...picture('16x16', { rate: '1/3600', seconds: 90_000 }), ...X264], 'limit_duration', /25 hours/),
  disguised(
    'more pictures a second than a camera makes',
    'mp4',
    [...picture('16x16', { rate: '2000', seconds: 0.5 }), ...X264],
    'limit_fps',
    /2000/,
  ),
  disguised(
    'more streams than anybody needs',
    'mov',
    [...tone(1), ...Array.from({ length: 65 }, () => ['-map', '0:a']).flat(), '-c:a', 'pcm_s16le'],
    'limit_streams',
    /65 streams/,
  ),
  disguised('a decoder that is not on the list', 'matroska', [...picture(), '-c:v', 'magicyuv'], 'unsupported_codec', /magicyuv/),
  disguised('sound in such a codec', 'matroska', [...tone(), '-c:a', 'tta'], 'unsupported_codec', /tta/),
  disguised('a container that is not on the list', 'wv', [...tone(), '-c:a', 'wavpack'], 'unsupported_container', /wavpack/),
  {
    name: 'an encrypted film',
    file: 'film.mp4',
    make: (path) =>
      ffmpeg(
        ...[...picture(), ...X264, '-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
        ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8', path],
      ),
    verdict: { code: 'unsupported_codec', message: /encrypted/ },
  },
];

const CUT: readonly ZooCase[] = [
  {
    name: 'the first 60 kB of a film with its index at the end',
    file: 'film.mp4',
    async make(path) {
      await ffmpeg(...moving('320x180', '25', 4), ...X264, path);
      await truncate(path, 60_000);
    },
    verdict: { code: 'truncated', message: /index is missing/ },
  },
  {
    name: 'a film without the media that its index names',
    file: 'film.mp4',
    async make(path) {
      await ffmpeg(...picture(), ...X264, '-movflags', '+faststart', path);
      const whole = await readFile(path);
      await truncate(path, whole.indexOf('mdat') - 4);
    },
    verdict: { code: 'truncated', message: /nothing after its index/ },
  },
];

export const REFUSALS: readonly ZooCase[] = [...NOT_MEDIA, ...LIMITS, ...CUT];

/**
 * Texts that ffmpeg would follow if it were left to guess: to another file or to a server.
 *
 * @param otherFile a video that must not be opened
 * @param url of a server that must not be asked
 */
export function lures(otherFile: string, url: string): readonly ZooCase[] {
  const text = /plain text|web page/;
  return [
    bytes('an HLS playlist with a URL', `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${url}/x.ts\n#EXT-X-ENDLIST\n`, text),
    bytes('an HLS playlist with a file', `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://${otherFile}\n#EXT-X-ENDLIST\n`, text),
    bytes('a concat script', `ffconcat version 1.0\nfile '${otherFile}'\n`, text),
    bytes(
      'a DASH manifest',
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><BaseURL>${url}/</BaseURL></MPD>`,
      text,
    ),
    bytes(
      'a session description',
      'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n',
      text,
    ),
    bytes('a stream address', `rtsp://127.0.0.1/x\n${url}\n`, text),
    bytes('a filter graph', `movie=${otherFile}[out0]\n`, text),
    bytes('a pattern of pictures', `${otherFile}%03d.png\n`, text),
  ];
}
