import { describe, expect, it } from 'vitest';
import {
  accountIdSchema,
  assetIdSchema,
  isId,
  newAssetId,
  newPlaybackId,
  newUploadId,
  playbackIdSchema,
  randomHex,
  uploadIdSchema,
} from './ids.ts';

describe('ids', () => {
  it('are 32 lower-case hex digits and never the same', () => {
    const ids = Array.from({ length: 1000 }, () => newAssetId());
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(isId(id)).toBe(true);
  });

  it('pass their schemas', () => {
    expect(uploadIdSchema.parse(newUploadId())).toMatch(/^[0-9a-f]{32}$/);
    expect(playbackIdSchema.parse(newPlaybackId())).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    '',
    'a'.repeat(31),
    'a'.repeat(33),
    'A'.repeat(32),
    'g'.repeat(32),
    `${'a'.repeat(32)}\n`,
    `../${'a'.repeat(29)}`,
    'é'.repeat(32),
  ])('refuse %j', (text) => {
    expect(isId(text)).toBe(false);
    expect(assetIdSchema.safeParse(text).success).toBe(false);
  });

  it('are text and nothing that reads as such', () => {
    for (const value of [null, undefined, 0, ['a'.repeat(32)], { toString: () => 'a'.repeat(32) }]) {
      expect(accountIdSchema.safeParse(value).success).toBe(false);
    }
  });

  it('randomHex gives two digits a byte', () => {
    for (const byteCount of [0, 1, 8, 16, 32]) expect(randomHex(byteCount)).toMatch(new RegExp(`^[0-9a-f]{${byteCount * 2}}$`));
  });
});
