import { newAssetId } from '@mediaflow/shared/ids';
import { expect, test } from 'vitest';
import { parseAssetCursor, stringifyAssetCursor } from './asset-cursor.ts';

test('a cursor says which row was the last', () => {
  const row = { id: newAssetId(), created_at: new Date(1_700_000_000_123) };
  expect(parseAssetCursor(stringifyAssetCursor(row))).toEqual({ id: row.id, createdAt: row.created_at });
});

test.each([
  '',
  '.',
  'x',
  '1',
  `x.${'0'.repeat(32)}`,
  `1.${'0'.repeat(31)}`,
  `1.${'0'.repeat(32)}.1`,
  `-1.${'0'.repeat(32)}`,
  "1'; drop table assets",
])('refuses %j', (cursor) => {
  expect(() => parseAssetCursor(cursor)).toThrow(expect.objectContaining({ code: 'invalid_parameters' }));
});
