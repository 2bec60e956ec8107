import { describe, expect, it } from 'vitest';
import { ACCEPTED_FILES, refuseFile } from './accept.ts';

describe('refuseFile', () => {
  it.each([
    ['clip.mp4', 10, 'video/mp4'],
    ['song.flac', 10, 'audio/flac'],
    ['film.mkv', 10, ''],
    ['film.mxf', 10, 'application/mxf'],
    ['capture.ts', 10, 'text/vnd.trolltech.linguist'],
    ['capture.mts', 10, 'text/plain'],
  ])('lets %s pass', (name, size, type) => expect(refuseFile({ name, size, type })).toBeUndefined());

  it.each([
    ['empty.mp4', 0, 'video/mp4', /empty/],
    ['notes.txt', 10, 'text/plain', /not a video/],
    ['photo.jpg', 10, 'image/jpeg', /not a video/],
    ['paper.pdf', 10, 'application/pdf', /not a video/],
  ])('refuses %s', (name, size, type, reason) => expect(refuseFile({ name, size, type })).toMatch(reason));
});

it('the dialogue offers what cameras write, and nothing that is sent for hours to be refused', () => {
  const offered = ACCEPTED_FILES.split(',');
  expect(offered).toEqual(expect.arrayContaining(['.mts', '.m2ts', '.mov']));
  expect(offered).not.toContain('.mxf');
});
