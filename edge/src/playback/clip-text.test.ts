import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipText } from './clip-text.ts';

/** 62.5 s to 70.5 s of a film in segments of 4 s. */
const CLIP = { startMs: 62_500, endMs: 70_500, originMs: 60_000, firstSegment: 15, lastSegment: 17 };
const HEAD = 'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:5400000\n';
const stored = (...blocks: readonly string[]): string =>
  `${['WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0', ...blocks].join('\n\n')}\n`;
const clipped = (...blocks: readonly string[]): string => [HEAD, ...blocks.map((block) => `${block}\n`)].join('\n');

describe('clipText', () => {
  it.each([
    ['a cue of the clip is moved', ['00:01:03.000 --> 00:01:05.250\nHello'], ['00:00:03.000 --> 00:00:05.250\nHello']],
    ['one before the exact start stays, for DASH shows that', ['01:01.000 --> 01:02.000\nHello'], ['00:00:01.000 --> 00:00:02.000\nHello']],
    ['one that has begun before is cut', ['00:00:50.000 --> 00:01:01.000\nHello'], ['00:00:00.000 --> 00:00:01.000\nHello']],
    ['one that goes on after the end is cut', ['00:01:10.000 --> 00:02:00.000\nHello'], ['00:00:10.000 --> 00:00:10.500\nHello']],
    ['one that lasts for all of it, too', ['00:00:00.000 --> 99:00:00.000\nHello'], ['00:00:00.000 --> 00:00:10.500\nHello']],
    ['one that ends before the first picture is left out', ['00:00:50.000 --> 00:01:00.000\nHello'], []],
    ['one that begins with the end is left out', ['00:01:10.500 --> 00:01:12.000\nHello'], []],
    ['one that ends before it begins is left out', ['00:01:05.000 --> 00:01:04.000\nHello'], []],
    [
      'ids, settings and lines stay',
      ['Anna 2\n00:01:03.000 --> 00:01:04.000 line:0 align:start\n<v Bob>Two\nlines</v>', '01:04.000\t-->01:05.000\t size:50%\nmore'],
      ['Anna 2\n00:00:03.000 --> 00:00:04.000 line:0 align:start\n<v Bob>Two\nlines</v>', '00:00:04.000 --> 00:00:05.000\t size:50%\nmore'],
    ],
    [
      'notes, styles, regions and what is none of these stay',
      ['NOTE a\nb', 'STYLE\n::cue { color: red }', 'REGION\nid:r', 'something', '01:03.000 --> 01:04.000\nHello'],
      ['NOTE a\nb', 'STYLE\n::cue { color: red }', 'REGION\nid:r', 'something', '00:00:03.000 --> 00:00:04.000\nHello'],
    ],
    [
      'times within a text are moved, and left out where they are over',
      ['00:50.000 --> 02:00.000\na <00:59.000>b <00:01:03.000>c <1:00:00.000>d <00:99.000>e'],
      ['00:00:00.000 --> 00:00:10.500\na b <00:00:03.000>c d <00:99.000>e'],
    ],
    [
      'an arrow begins a cue without a blank line',
      ['a\nb\n01:03.000 --> 01:04.000\nHello\n01:04.000 --> 01:05.000\nmore'],
      ['a\nb', '00:00:03.000 --> 00:00:04.000\nHello', '00:00:04.000 --> 00:00:05.000\nmore'],
    ],
    ['no text', ['01:03.000 --> 01:04.000'], ['00:00:03.000 --> 00:00:04.000']],
    [
      'what has an arrow and no times is left out',
      ['1:03 --> 1:04\nx', '01:03,000 --> 01:04,000\nx', 'id\n01:61.000 --> 01:62.000\nx', '-->'],
      [],
    ],
    [
      'hours without end',
      [`00:00.000 --> ${'9'.repeat(400)}:00:00.000\nx`, `${'9'.repeat(400)}:00:00.000 --> 01:03.000\ny`],
      ['00:00:00.000 --> 00:00:10.500\nx'],
    ],
    ['nothing', [], []],
  ])('%s', (_, given, expected) => {
    expect(clipText(stored(...given), CLIP)).toBe(clipped(...expected));
  });

  it.each([
    [
      'a byte order mark and Windows line ends',
      '\uFEFFWEBVTT\r\n\r\n01:03.000 --> 01:04.000\r\nHello\r\n',
      clipped('00:00:03.000 --> 00:00:04.000\nHello'),
    ],
    ['old line ends', 'WEBVTT\r\r01:03.000 --> 01:04.000\rHello', clipped('00:00:03.000 --> 00:00:04.000\nHello')],
    ['a title and lines of the header', 'WEBVTT a title\nRegion: id=r\n', HEAD.replace('\n', ' a title\nRegion: id=r\n')],
    ['a cue right below the signature', 'WEBVTT\n01:03.000 --> 01:04.000\nHello', clipped('00:00:03.000 --> 00:00:04.000\nHello')],
    ['nothing at all', '', HEAD],
    ['a signature alone', 'WEBVTT', HEAD],
    ['no signature', '01:03.000 --> 01:04.000\nHello', HEAD],
    ['another signature', 'WEBVTTX\n\n01:03.000 --> 01:04.000\nHello', HEAD],
  ])('%s', (_, file, expected) => {
    expect(clipText(file, CLIP)).toBe(expected);
  });

  it('names the stored moment in 33 bits, as MPEG-2 has it', () => {
    const originMs = 4000 * 24_000;
    const text = clipText('WEBVTT', { ...CLIP, originMs, startMs: originMs, endMs: originMs + 1 });
    expect(text).toBe(`WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:${96_000 * 90_000 - 2 ** 33}\n`);
  });

  it('leaves nothing of the film’s times, whatever the file', () => {
    const piece = fc.constantFrom(
      'WEBVTT',
      '\n',
      '\r\n',
      '\n\n',
      ' ',
      '-->',
      ' --> ',
      '00:01:03.000',
      '01:04.000',
      '9:00:00.000',
      '<',
      '>',
      '00',
      'NOTE',
      'x',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = clipText(`WEBVTT\n\n${pieces.join('')}`, CLIP);
        expect(text.startsWith(HEAD)).toBe(true);
        for (const line of text.split('\n').filter((line) => line.includes('-->'))) {
          expect(line).toMatch(/^00:00:(?:0\d\.\d{3}|10\.[0-5]\d\d) --> 00:00:(?:0\d\.\d{3}|10\.[0-5]\d\d)/);
        }
      }),
    );
  });

  it.each([
    ['line ends', '\n'],
    ['arrows', '-->'],
    ['arrows in lines', '-->\n'],
    ['digits', '9'],
    ['open times', '<00:'],
    ['blanks', ' '],
  ])('reads megabytes of %s', (_, part) => {
    expect(clipText(`WEBVTT\n\n${part.repeat(1_000_000)}`, CLIP)).toContain(HEAD.trim());
  });
});
