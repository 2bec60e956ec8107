import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveUri } from './resolve-uri.ts';

const PLACE = { prefix: 'external/acme/film/', path: '720/index.m3u8' };

describe('resolveUri', () => {
  it.each([
    ['0.ts', '720/0.ts'],
    ['./0.ts', '720/0.ts'],
    ['a/b/c_1-2.ts', '720/a/b/c_1-2.ts'],
    ['../1080/0.ts', '1080/0.ts'],
    ['../720/../audio/0.aac', 'audio/0.aac'],
    ['0.ts?v=3&t=a:b/c', '720/0.ts'],
    ['/external/acme/film/720/0.ts', '720/0.ts'],
    ['/external/acme/other/../film/720/0.ts', '720/0.ts'],
  ])('finds %s at %s', (uri, path) => {
    expect(resolveUri(uri, PLACE)).toEqual({ path });
  });

  it.each([
    ['', 'empty'],
    ['http://evil.test/0.ts', 'scheme'],
    ['HTTPS://evil.test/0.ts', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['data:video/mp4;base64,AAAA', 'scheme'],
    ['blob:0', 'scheme'],
    ['skd://key', 'scheme'],
    ['//evil.test/0.ts', 'other_host'],
    ['/\\evil.test/0.ts', 'other_host'],
    ['\\\\evil.test/0.ts', 'other_host'],
    ['..\\..\\other\\0.ts', 'character'],
    ['\\../../0.ts', 'character'],
    ['a//../0.ts', 'character'],
    ['.hidden/../0.ts', 'character'],
    [' /../0.ts', 'character'],
    ['a;/../0.ts', 'character'],
    ['../../other/0.ts', 'outside'],
    ['../../film/720/0.ts', 'outside'],
    ['../../../../../media/x/1/v720/0.m4s', 'outside'],
    ['/media/x/1/v720/0.m4s', 'outside'],
    ['/external/acme/film/../../other/film/0.ts', 'outside'],
    ['/external/acme/film2/0.ts', 'outside'],
    ['/../0.ts', 'outside'],
    ['%2e%2e/0.ts', 'escape'],
    ['..%2f..%2fother', 'escape'],
    ['%252e%252e/0.ts', 'escape'],
    ['0.ts%00', 'escape'],
    ['%68ttp://evil.test', 'escape'],
    ['{$host}/0.ts', 'variable'],
    ['0.ts#fragment', 'character'],
    ['0.ts?x=0.ts"', 'character'],
    ['0.ts?%0a', 'escape'],
    ['a b.ts', 'character'],
    ['\thttp://evil.test/0.ts', 'character'],
    ['ht\ttp://evil.test/0.ts', 'character'],
    ['a//b.ts', 'character'],
    ['folder/', 'character'],
    ['.', 'character'],
    ['a/..', 'character'],
    ['.hidden/0.ts', 'character'],
    ['0.ts;jsessionid=1', 'character'],
    ['user@evil.test', 'character'],
    ['０.ts', 'character'],
    ['a/．．/b', 'character'],
  ])('refuses %j as %s', (uri, refusal) => {
    expect(resolveUri(uri, PLACE)).toEqual({ refusal });
  });

  it('refuses names and paths that no store takes', () => {
    expect(resolveUri('x'.repeat(300), PLACE)).toEqual({ refusal: 'character' });
    expect(resolveUri('a/'.repeat(600), PLACE)).toEqual({ refusal: 'character' });
    expect(resolveUri('a/'.repeat(2000), PLACE)).toEqual({ refusal: 'too_long' });
  });

  /** What a URL parser makes of it below a session is what we make of it, or it is refused. */
  it('reads every URI as the standard URL parser does', () => {
    const parts = [
      '..',
      '.',
      '/',
      '//',
      'a',
      'b.ts',
      '\\',
      '%2e',
      '%2f',
      '?',
      '#',
      ':',
      'http',
      '@',
      'evil.test',
      ' ',
      '\t',
      'external',
      'acme',
      'film',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 10 }), (chosen) => {
        const uri = chosen.join('');
        const resolved = resolveUri(uri, PLACE);
        if (!('path' in resolved) || uri.startsWith('/')) return;
        const url = new URL(uri, `https://edge.test/s/session/x/0/${PLACE.path}`);
        expect(url.host).toBe('edge.test');
        expect(url.pathname).toBe(`/s/session/x/0/${resolved.path}`);
      }),
      { numRuns: 10_000 },
    );
  });
});
