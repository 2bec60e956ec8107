import { expect, it } from 'vitest';
import { PLAYBACK_CORS } from './middleware/playback-cors.ts';
import { type ConditionalRequest, decideObject, objectHeaders } from './object-response.ts';

const NONE: ConditionalRequest = { range: undefined, ifRange: undefined, ifMatch: undefined, ifNoneMatch: undefined };
const object = { sizeBytes: 10, etag: '"abc"' };
const part = { status: 206, range: { first: 2, last: 3 } };

it.each<[string, Partial<ConditionalRequest>, unknown]>([
  ['no condition', {}, { status: 200 }],
  ['a range', { range: 'bytes=2-3' }, part],
  ['a range past the end', { range: 'bytes=10-' }, { status: 416 }],
  ['several ranges', { range: 'bytes=0-1,2-3' }, { status: 200 }],
  ['the same tag', { ifNoneMatch: '"abc"' }, { status: 304 }],
  ['the same tag, weak', { ifNoneMatch: 'W/"abc"' }, { status: 304 }],
  ['the tag in a list', { ifNoneMatch: '"x", "abc"' }, { status: 304 }],
  ['any tag', { ifNoneMatch: '*' }, { status: 304 }],
  ['another tag', { ifNoneMatch: '"abd"' }, { status: 200 }],
  ['another tag and a range', { ifNoneMatch: '"abd"', range: 'bytes=2-3' }, part],
  ['the same tag before a range', { ifNoneMatch: '"abc"', range: 'bytes=2-3' }, { status: 304 }],
  ['what is to be the same, and is', { ifMatch: '"abc"' }, { status: 200 }],
  ['what is to be one of several, and is', { ifMatch: '"x", "abc"', range: 'bytes=2-3' }, part],
  ['what is only to be there', { ifMatch: '*' }, { status: 200 }],
  ['what is to be the same, and is not', { ifMatch: '"abd"' }, { status: 412 }],
  ['what is to be the same by a weak tag', { ifMatch: 'W/"abc"' }, { status: 412 }],
  ['what is not the same before anything else', { ifMatch: '"abd"', ifNoneMatch: '"abc"', range: 'bytes=99-' }, { status: 412 }],
  ['what is the same, but known', { ifMatch: '"abc"', ifNoneMatch: '"abc"' }, { status: 304 }],
  ['a range if unchanged', { ifRange: '"abc"', range: 'bytes=2-3' }, part],
  ['a range if unchanged, but it is not', { ifRange: '"old"', range: 'bytes=2-3' }, { status: 200 }],
  ['a range past the end if unchanged, but it is not', { ifRange: '"old"', range: 'bytes=99-' }, { status: 200 }],
  ['a range by date', { ifRange: 'Fri, 20 Nov 2026 00:00:00 GMT', range: 'bytes=2-3' }, { status: 200 }],
])('answers %s', (_, conditions, expected) => {
  expect(decideObject({ ...NONE, ...conditions }, object)).toEqual(expected);
});

it('never glues parts by a weak tag', () => {
  const weak = { sizeBytes: 10, etag: 'W/"abc"' };
  expect(decideObject({ ...NONE, ifRange: 'W/"abc"', range: 'bytes=2-3' }, weak)).toEqual({ status: 200 });
  expect(decideObject({ ...NONE, ifMatch: 'W/"abc"', range: 'bytes=2-3' }, weak)).toEqual({ status: 412 });
});

it.each([
  [decideObject(NONE, object), { 'content-type': 'video/mp4', 'content-length': '10' }],
  [
    decideObject({ ...NONE, range: 'bytes=-1' }, object),
    { 'content-type': 'video/mp4', 'content-length': '1', 'content-range': 'bytes 9-9/10' },
  ],
  [decideObject({ ...NONE, range: 'bytes=99-' }, object), { 'content-range': 'bytes */10' }],
  [decideObject({ ...NONE, ifNoneMatch: '*' }, object), { 'content-type': 'video/mp4' }],
  [decideObject({ ...NONE, ifMatch: '"abd"' }, object), {}],
])('says so in the headers of %j', (decision, expected) => {
  expect(objectHeaders(decision, 'video/mp4', object)).toEqual({ ...PLAYBACK_CORS, 'accept-ranges': 'bytes', etag: '"abc"', ...expected });
});
