import { describe, expect, test } from 'vitest';
import { type Cue, escapePayload, parseWebVtt, stringifyWebVtt } from './webvtt.ts';

const cue = (changes: Partial<Cue> = {}): Cue => ({ startMs: 1000, endMs: 2500, settings: '', text: 'Hello', ...changes });

describe('WebVTT', () => {
  const cues = [
    cue(),
    cue({ id: 'Anna 2', settings: 'line:0 position:20%,line-left align:start', text: '<v Bob>Two\nlines &amp; more</v>' }),
    cue({ startMs: 3_600_000, endMs: 360_000_001 }),
    cue({ text: '' }),
  ];

  test('is read as it was written, settings and ids included', () => {
    expect(parseWebVtt(stringifyWebVtt(cues, ['X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0']))).toEqual(cues);
    expect(stringifyWebVtt([cue()], ['X-A=1'])).toBe('WEBVTT\nX-A=1\n\n00:00:01.000 --> 00:00:02.500\nHello\n');
    expect(stringifyWebVtt([])).toBe('WEBVTT\n');
  });

  test.each([
    ['a byte order mark and Windows line ends', '\uFEFFWEBVTT\r\n\r\n00:01.000 --> 00:02.500\r\nHello\r\n', [cue()]],
    ['notes, styles and regions', 'WEBVTT\n\nNOTE a\nb\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.500\nHello\n', [cue()]],
    ['times before 0, as ffmpeg writes them', 'WEBVTT\n\n-0:01.000 --> 00:02.500\nHello\n', [cue({ startMs: -1000 })]],
    ['torn blocks', 'WEBVTT\n\n00:01.000 --> 00:0\nx\n\n00:01.000 --> 00:02.500\nHello\n\n00:03', [cue()]],
    ['noise', '\0\u0001\u0002-->\n\n-->\n\n\n', []],
    ['nothing', '', []],
  ])('%s', (_, file, expected) => {
    expect(parseWebVtt(file)).toEqual(expected);
  });

  test('a file of nothing but breaks is read in no time', () => {
    expect(parseWebVtt('\r\n'.repeat(2_000_000))).toEqual([]);
  });
});

test.each([
  ['plain text', 'Hello', 'Hello'],
  ['markup that is meant', '<i>a</i> <b.loud>b</b> <v Bob>c <00:01.000>d', '<i>a</i> <b.loud>b</b> <v Bob>c <00:01.000>d'],
  ['what is not markup', 'a < b <3 <script>x</script> <img src=x>', 'a &lt; b &lt;3 &lt;script>x&lt;/script> &lt;img src=x>'],
  ['entities and lone ampersands', 'R&B &amp; &lt; &#39; &nbsp;&', 'R&amp;B &amp; &lt; &#39; &nbsp;&amp;'],
  ['an arrow, which would be a cue of its own', 'a\n00:01.000 --> 00:02.000\nb', 'a\n00:01.000 --&gt; 00:02.000\nb'],
  ['blank lines, which would end the cue', 'a\n\n \r\n\u2028b', 'a\nb'],
])('a payload is safe to print: %s', (_, text, expected) => {
  expect(escapePayload(text)).toBe(expected);
  expect(escapePayload(expected)).toBe(expected);
});
