import { describe, expect, it } from 'vitest';
import type { ObjectReader } from '../ports.ts';
import { fill } from './edge.ts';

export interface ReaderUnderTest {
  readonly reader: ObjectReader;
  /** Puts an object where the reader finds it. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown>;
  /** From now on the store is out of order. */
  breakDown(): void;
}

/** What every driver of `ObjectReader` promises. */
export function describeObjectReader(name: string, open: () => Promise<ReaderUnderTest>): void {
  describe(`${name} as an object reader`, () => {
    const key = 'media/0123456789abcdef0123456789abcdef/1/v720/0.m4s';

    it.each([1, 5_000, 1_000_000])('gives an object of %i bytes as it was put, and its size and validator before', async (sizeBytes) => {
      const { reader, put } = await open();
      const bytes = fill(sizeBytes, 3);
      await put(key, bytes);
      const info = await reader.head(key);
      expect(info).toMatchObject({ sizeBytes, etag: expect.stringMatching(/^(W\/)?"[^"]+"$/) });
      const object = await reader.get(key);
      expect(object).toMatchObject(info ?? {});
      expect(new Uint8Array(await new Response(object?.body).arrayBuffer())).toEqual(bytes);
    });

    it.each([
      [0, 0],
      [0, 4_999],
      [1_000, 1_999],
      [4_999, 4_999],
    ])('gives the bytes from %i to %i alone, with the size and validator of the whole', async (first, last) => {
      const { reader, put } = await open();
      const bytes = fill(5_000, 3);
      await put(key, bytes);
      const part = await reader.get(key, { first, last });
      expect(part).toMatchObject((await reader.head(key)) ?? {});
      expect(new Uint8Array(await new Response(part?.body).arrayBuffer())).toEqual(bytes.slice(first, last + 1));
      expect(await reader.get(`${key}.absent`, { first, last })).toBeUndefined();
    });

    it('says so when an object has no bytes', async () => {
      const { reader, put } = await open();
      await put(key, new Uint8Array());
      expect(await reader.head(key)).toMatchObject({ sizeBytes: 0 });
      expect(await reader.get(key)).toMatchObject({ sizeBytes: 0 });
    });

    it('knows the absent from the present', async () => {
      const { reader, put } = await open();
      expect([await reader.head(key), await reader.get(key)]).toEqual([undefined, undefined]);
      await put(key, fill(10, 1));
      expect(await reader.head(`${key}.other`)).toBeUndefined();
      expect(await reader.get(key.slice(0, -1))).toBeUndefined();
    });

    it('lets go of a body that nobody reads', async () => {
      const { reader, put } = await open();
      await put(key, fill(1_000_000, 1));
      for (let round = 0; round < 20; round += 1) {
        const body = (await reader.get(key))?.body;
        if (body instanceof ReadableStream) await body.cancel();
      }
      expect((await reader.get(key))?.sizeBytes).toBe(1_000_000);
    });

    it('never calls an outage an absence', async () => {
      const { reader, put, breakDown } = await open();
      await put(key, fill(10, 1));
      breakDown();
      for (const each of [key, `${key}.absent`]) {
        await expect(reader.head(each)).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
        await expect(reader.get(each)).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
      }
    });
  });
}
