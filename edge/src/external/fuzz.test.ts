import { readPlaylist, rewritePlaylist, toRelative } from '@mediaflow/shared/external/read-playlist';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { personaliseExternal } from './personalise-external.ts';

const PREFIX = 'external/acme/film/';
const HOST = 'https://edge.test';
const SESSION = 'the-session';

/** Pieces of URIs and of tags that a parser may read in another way than a player does. */
const PIECES = [
  ...[
    'http://evil.test/',
    '//evil.test/',
    'https:',
    '\\\\',
    '\\',
    '/',
    '..',
    '../',
    './',
    '%2e',
    '%2f',
    '%5c',
    '@',
    ':',
    '?',
    '#',
    ';',
    '&',
  ],
  ...[
    '{$x}',
    ' ',
    '\t',
    '\r',
    '\u00a0',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\0',
    '"',
    "'",
    ',',
    '=',
    '\\"',
    'evil.test',
    'data:,',
    'javascript:',
  ],
  ...['0.ts', 'a', '720/', 'index.m3u8', `/${PREFIX}`, '/media/x', 'URI=', 'URI="', '\n', '\r\n', '#EXTINF:4,\n', '#EXT-X-ENDLIST\n'],
  ...['#EXT-X-MAP:URI="', '#EXT-X-KEY:METHOD=AES-128,URI="', '#EXT-X-DEFINE:NAME="x",VALUE="http://evil.test/"\n', '#EXT-X-FOO:URI="'],
];
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((chosen) => chosen.join(''));
/** Often where nobody should look for a URI: in a comment, in a title. */
const noise = fc.oneof(
  pieces,
  pieces.map((text) => `# ${text}`),
  pieces.map((text) => `#EXTINF:4,${text}\na.ts`),
  fc.constantFrom('', '../', 'a/'),
);

/** URIs as lenient players find them: lines that are no comments, whatever ends a line, and in tags everything quoted after `URI`. */
function urisOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n\u0085\u2028\u2029]+/).map((line) => line.replace(/^[\s\ufeff]+|\s+$/g, ''));
  return lines.flatMap((line) => {
    if (!line.startsWith('#')) return line === '' ? [] : [line];
    if (!/^#EXT(?!INF)/.test(line)) return [];
    return Array.from(line.matchAll(/URI\s*=\s*"([^"]*)"/gi), ([, uri = '']) => uri);
  });
}

/** Where a player would go with it. */
function assertSafe(uri: string, base: string): void {
  if (uri.startsWith('data:')) return;
  const url = new URL(uri, base);
  expect(url.origin).toBe(HOST);
  expect(url.pathname).toMatch(/^\/s\/the-session\/x\/(?:\d{1,3}|m)\/[A-Za-z0-9][\w./-]*$/);
}

const place = { prefix: PREFIX, path: '720/index.m3u8' };

it('never writes a media playlist that leads out of the session', () => {
  let passed = 0;
  fc.assert(
    fc.property(noise, noise, noise, (first, second, third) => {
      const text = `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${first}\n#EXTINF:4,\n${second}0.ts\n${third}\n#EXT-X-ENDLIST\n`;
      let written: string;
      try {
        readPlaylist(text, place);
        written = rewritePlaylist(text, place, toRelative(place));
      } catch {
        return;
      }
      passed += 1;
      for (const uri of urisOf(written)) assertSafe(uri, `${HOST}/s/${SESSION}/x/1/${place.path}`);
    }),
    { numRuns: 3_000 },
  );
  // A reader that refused everything would prove nothing.
  expect(passed).toBeGreaterThan(10);
});

it('never gives a multivariant playlist that leads elsewhere a session', async () => {
  const version = { assetId: '0'.repeat(32) as never, version: 1, media: { prefix: PREFIX, manifest: 'main.m3u8' } };
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(noise, noise, noise, async (first, second, third) => {
      const text = `#EXTM3U\n${first}\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="${second}a.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${third}0.m3u8\n`;
      let written: string;
      try {
        const playlist = readPlaylist(text, { prefix: PREFIX, path: 'main.m3u8' });
        written = await personaliseExternal(version, { text, playlist }, {}, async () => SESSION);
      } catch {
        return;
      }
      passed += 1;
      for (const uri of urisOf(written)) assertSafe(uri, `${HOST}/0123456789abcdef0123456789abcdef.m3u8`);
    }),
    { numRuns: 3_000 },
  );
  expect(passed).toBeGreaterThan(10);
});
