import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSourceDigests } from './hashing.ts';

const bytes = (text: string): Buffer => Buffer.from(text);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function write(digests: ReturnType<typeof createSourceDigests>, offset: number, text: string, stored = offset + text.length): void {
  const tap = digests.begin('k', offset);
  tap.update(bytes(text));
  tap.end(stored);
}

describe('the digest of a source', () => {
  test('goes on over several writes', () => {
    const digests = createSourceDigests();
    write(digests, 0, 'abc');
    write(digests, 3, 'def');
    expect(digests.read('k', 6)).toBe(sha256('abcdef'));
    // Reading does not use it up: the transaction that wants it may have to be tried again.
    expect(digests.read('k', 6)).toBe(sha256('abcdef'));
  });

  test.each([
    ['the first bytes were not seen', (d) => write(d, 3, 'def')],
    ['bytes were missed in between', (d) => [write(d, 0, 'abc'), write(d, 4, 'ef')]],
    ['the store kept fewer bytes than came', (d) => [write(d, 0, 'abcd', 3), write(d, 4, 'ef')]],
    ['bytes are still missing', (d) => write(d, 0, 'abc')],
    ['it was forgotten', (d) => [write(d, 0, 'abcdef'), d.forget('k')]],
  ] satisfies [string, (digests: ReturnType<typeof createSourceDigests>) => unknown][])('is unknown when %s', (_, fill) => {
    const digests = createSourceDigests();
    fill(digests);
    expect(digests.read('k', 6)).toBeUndefined();
  });

  test('starts anew when the upload does', () => {
    const digests = createSourceDigests();
    write(digests, 0, 'xyz');
    write(digests, 0, 'abcdef');
    expect(digests.read('k', 6)).toBe(sha256('abcdef'));
  });
});

test('tells which sources got bytes, and which are being written', () => {
  const digests = createSourceDigests();
  expect(digests.isReceiving('k')).toBe(false);
  const tap = digests.begin('k', 0);
  expect(digests.takeActive()).toEqual([]);
  expect(digests.isReceiving('k')).toBe(true);
  tap.update(bytes('abc'));
  tap.end(3);
  expect(digests.isReceiving('k')).toBe(false);
  expect(digests.takeActive()).toEqual(['k']);
  expect(digests.takeActive()).toEqual([]);
});
