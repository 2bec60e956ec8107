import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatFrameRate,
  formatRate,
  formatRemaining,
  shorten,
  titleFromFileName,
} from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [7.4, '0:07'],
    [59.6, '1:00'],
    [725, '12:05'],
    [3723, '1:02:03'],
    [-1, '0:00'],
  ])('%s s is %s', (seconds, expected) => expect(formatDuration(seconds)).toBe(expected));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '1.0 MB'],
    [6_240_000, '6.2 MB'],
    [123_456_789, '123 MB'],
    [50e9, '50.0 GB'],
    [-5, '0 B'],
  ])('%s bytes is %s', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));

  it('appends the time unit to a rate', () => expect(formatRate(12_400_000)).toBe('12.4 MB/s'));
});

describe('formatRemaining', () => {
  it.each([
    [Number.POSITIVE_INFINITY, ''],
    [Number.NaN, ''],
    [3, 'a few seconds left'],
    [31, '35 s left'],
    [58, '1 min left'],
    [600, '10 min left'],
    [3590, '1 h left'],
    [5400, '1 h 30 min left'],
    [7195, '2 h left'],
  ])('%s s is "%s"', (seconds, expected) => expect(formatRemaining(seconds)).toBe(expected));
});

describe('formatAge', () => {
  const now = 1_795_000_000;
  it.each([
    [now + 30, 'just now'],
    [now - 59, 'just now'],
    [now - 60, '1 min ago'],
    [now - 7200, '2 h ago'],
    [now - 90_000, 'yesterday'],
    [now - 3 * 86_400, '3 days ago'],
  ])('%s is %s', (then, expected) => expect(formatAge(then, now)).toBe(expected));

  it('gives a date after a week', () => expect(formatAge(now - 30 * 86_400, now)).toMatch(/^\d{1,2} \w{3} 20\d\d$/));
});

describe('formatFrameRate', () => {
  it.each([
    [24, '24 fps'],
    [24_000 / 1001, '23.976 fps'],
    [30_000 / 1001, '29.97 fps'],
  ])('%s', (rate, expected) => expect(formatFrameRate(rate)).toBe(expected));
});

describe('titleFromFileName', () => {
  it.each([
    ['my_holiday film.mp4', 'my holiday film'],
    ['v1.2-final.mov', 'v1.2-final'],
    ['.mp4', '.mp4'],
    ['no extension', 'no extension'],
    [`${'x'.repeat(600)}.mkv`, 'x'.repeat(512)],
  ])('%s', (name, expected) => expect(titleFromFileName(name)).toBe(expected));
});

describe('shorten', () => {
  it('keeps short text whole', () => expect(shorten('abcdef')).toBe('abcdef'));
  it('keeps both ends of long text', () => expect(shorten('0123456789abcdef0123')).toBe('01234567…ef0123'));
});
