import { expect, test } from 'vitest';
import { chooseFileName } from './file-name.ts';
import { chooseMeta, choosePolicies } from './finish.ts';

test.each([
  [undefined, null],
  [{}, null],
  [{ filename: null }, null],
  [{ filename: '' }, null],
  [{ filename: '  ' }, null],
  [{ filename: 'a.mp4', title: 'A' }, 'A'],
  [{ name: 'a.mp4' }, 'a.mp4'],
  [{ filename: 'a\0b' }, 'ab'],
  [{ filename: '\ud800' }, '\ufffd'],
  [{ filename: 'x'.repeat(1000) }, 'x'.repeat(512)],
  [{ filename: `${'x'.repeat(511)}😀` }, `${'x'.repeat(511)}\ufffd`],
])('%j', (metadata, name) => {
  expect(chooseFileName(metadata)).toBe(name);
});

test.each([
  [{}, ['signed']],
  [{ playback_policies: [] }, []],
  [{ playback_policy: ['public' as const] }, ['public']],
  [{ playback_policies: ['signed' as const], playback_policy: ['public' as const] }, ['signed']],
])('policies of %j', (settings, policies) => {
  expect(choosePolicies(settings)).toEqual(policies);
});

test('a given title wins over the file name', () => {
  expect(chooseMeta({}, 'file.mp4')).toEqual({ title: 'file.mp4' });
  expect(chooseMeta({ meta: { title: 'T', creator_id: 'c' } }, 'file.mp4')).toEqual({ title: 'T', creator_id: 'c' });
  expect(chooseMeta({}, null)).toEqual({});
});
