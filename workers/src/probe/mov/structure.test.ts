import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClipFolder } from '../../testing/clips.ts';
import { readMovFile } from './boxes.ts';
import { checkMovStructure } from './structure.ts';

let clips: Awaited<ReturnType<typeof createClipFolder>>;
beforeAll(async () => {
  clips = await createClipFolder();
});
afterAll(() => clips.remove());

const box = (type: string, content: Buffer = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
};

test.each([
  ['fragments', (many: Buffer) => Buffer.concat([box('moov'), many]), box('moof')],
  ['tracks', (many: Buffer) => Buffer.concat([box('moov', many), box('mdat')]), box('trak')],
])('%s may be more than a function takes arguments', async (name, fileOf, one) => {
  const path = join(clips.path, `${name}.mp4`);
  const bytes = fileOf(Buffer.alloc(130_000 * one.length, one));
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  try {
    expect(await checkMovStructure(await readMovFile(file))).toBe(bytes.length);
  } finally {
    await file.close();
  }
});

test('boxes that claim all that follows them are read once, not once for each', async () => {
  const path = join(clips.path, 'claims.mp4');
  // Each track's media says that it reaches to the end of the file: 40,000 of them would be 800 million boxes.
  const claim = box('mdia');
  claim.writeUInt32BE(0x7fff_ffff);
  const track = box('trak', claim);
  const bytes = Buffer.concat([box('moov', Buffer.alloc(40_000 * track.length, track)), box('mdat')]);
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  let reads = 0;
  const counting = new Proxy(file, {
    get(target, name) {
      if (name === 'read') reads += 1;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  try {
    expect(await checkMovStructure(await readMovFile(counting))).toBe(bytes.length);
  } finally {
    await file.close();
  }
  expect(reads).toBeLessThan(200_000);
});
