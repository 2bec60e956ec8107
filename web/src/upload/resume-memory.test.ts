import { describe, expect, it } from 'vitest';
import { findRemembered, fingerprintOf, forget, parseMemory, type RememberedUpload, remember, stringifyMemory } from './resume-memory.ts';

const NOW = 1_795_000_000_000;

function entry(number: number, changes: Partial<RememberedUpload> = {}): RememberedUpload {
  return {
    file: { name: `clip-${number}.mp4`, sizeBytes: 1000 + number, lastModifiedMs: NOW - 5000 },
    uploadId: number.toString(16).padStart(32, '0'),
    tusUrl: `https://upload.example.com/files/grant/${number}`,
    rememberedAtMs: NOW - 1000,
    ...changes,
  };
}

describe('parseMemory', () => {
  it('reads back what was written', () => {
    const memory = [entry(1), entry(2)];
    expect(parseMemory(stringifyMemory(memory), NOW)).toEqual(memory);
  });

  it.each([null, '', 'not json', '{}', 'null', '"x"', '[1,null,{}]'])('takes nothing from %j', (text) => {
    expect(parseMemory(text, NOW)).toEqual([]);
  });

  it.each([
    ['an id that is none', { uploadId: '../../etc' }],
    ['a URL that would run script', { tusUrl: 'javascript:alert(1)' }],
    ['no file', { file: undefined }],
    ['a file without a size', { file: { name: 'x', lastModifiedMs: 1 } }],
    ['a time that is text', { rememberedAtMs: 'now' }],
    ['an age of more than a week', { rememberedAtMs: NOW - 8 * 24 * 3600 * 1000 }],
  ])('leaves out an entry with %s and keeps its neighbour', (_, change) => {
    expect(parseMemory(JSON.stringify([{ ...entry(1), ...change }, entry(2)]), NOW)).toEqual([entry(2)]);
  });
});

describe('remember', () => {
  it('puts the newest first and takes the place of an earlier upload of the same file', () => {
    const again = entry(1, { uploadId: 'f'.repeat(32) });
    expect(remember([entry(1), entry(2)], again)).toEqual([again, entry(2)]);
  });

  it('updates an upload whose URL changed', () => {
    const moved = entry(1, { tusUrl: 'https://upload.example.com/files/grant/other' });
    expect(remember([entry(1)], moved)).toEqual([moved]);
  });

  it('does not grow without end', () => {
    let memory: readonly RememberedUpload[] = [];
    for (let number = 0; number < 50; number += 1) memory = remember(memory, entry(number));
    expect(memory).toHaveLength(20);
    expect(memory[0]).toEqual(entry(49));
  });
});

describe('forget and findRemembered', () => {
  const memory = [entry(1), entry(2)];

  it('forgets one upload', () => expect(forget(memory, entry(1).uploadId)).toEqual([entry(2)]));

  it('finds the same file again', () => {
    expect(findRemembered(memory, fingerprintOf({ name: 'clip-2.mp4', size: 1002, lastModified: NOW - 5000 }))).toEqual(entry(2));
  });

  it.each([
    ['name', { name: 'other.mp4' }],
    ['size', { sizeBytes: 1 }],
    ['time of change', { lastModifiedMs: NOW }],
  ])('does not take a file of another %s for it', (_, change) => {
    expect(findRemembered(memory, { ...entry(2).file, ...change })).toBeUndefined();
  });
});
