import { newUploadId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { parseSourceKey, parseUploadPath, stringifyUploadPath, toSourceKey } from './path.ts';

const ATTEMPT = '0123456789abcdef';

test.each([
  ['/files/abc.def', { grant: 'abc.def' }],
  ['/files/abc.def/', { grant: 'abc.def' }],
  [`/files/abc.def/${ATTEMPT}`, { grant: 'abc.def', attempt: ATTEMPT }],
  [`/files/abc.def/${ATTEMPT}?a=/../b`, { grant: 'abc.def', attempt: ATTEMPT }],
])('%s', (url, path) => {
  expect(parseUploadPath(url)).toEqual(path);
  expect(parseUploadPath(stringifyUploadPath(path))).toEqual(path);
});

test.each([
  '',
  '/files',
  '/files/',
  '/files/a/b',
  `/files/a/${ATTEMPT}/c`,
  `/files/a/${ATTEMPT.toUpperCase()}`,
  '/files/..%2fx',
  '/files/a%00',
  '/files/a\\b',
  `/files/a/..`,
  `/files/${'a'.repeat(201)}`,
  `/other/a`,
])('%j is no upload path', (url) => {
  expect(parseUploadPath(url)).toBeUndefined();
});

test('a source key leads back to its upload and attempt', () => {
  const source = { uploadId: newUploadId(), attempt: ATTEMPT };
  expect(parseSourceKey(toSourceKey(source))).toEqual(source);
  for (const key of [
    '',
    'sources',
    `media/${source.uploadId}/a`,
    'sources/x/a',
    `sources/${source.uploadId}`,
    `sources/${source.uploadId}/a/b`,
  ]) {
    expect(parseSourceKey(key)).toBeUndefined();
  }
});
