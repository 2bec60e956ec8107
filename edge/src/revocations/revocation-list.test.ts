import type { RevocationPage } from '@mediaflow/shared/internal';
import { describe, expect, it } from 'vitest';
import { applyPage, beginRound, parseList, type RevocationList, stringifyList } from './revocation-list.ts';

const NOW = 1_700_000_000_000;
const IN_AN_HOUR = NOW / 1000 + 3600;
const page = (...entries: RevocationPage['entries']): RevocationPage => ({ entries, next_cursor: 'next', has_more: false });
const listOf = (...entries: RevocationPage['entries']): RevocationList => applyPage(beginRound(undefined, NOW), page(...entries));

describe('a page', () => {
  it('adds, takes away and goes on', () => {
    const list = listOf({ name: 'a', expires_at: IN_AN_HOUR }, { name: 'b' });
    const next = applyPage(list, page({ name: 'b', is_lifted: true }, { name: 'c' }));
    expect([...next.names.keys()]).toEqual(['a', 'c']);
    expect(next.cursor).toBe('next');
    expect([...list.names.keys()]).toEqual(['a', 'b']);
  });

  it('that says nothing new costs no copy', () => {
    const list = listOf({ name: 'a', expires_at: IN_AN_HOUR }, { name: 'b' });
    const again = page({ name: 'a', expires_at: IN_AN_HOUR }, { name: 'b' }, { name: 'z', is_lifted: true });
    expect(applyPage(list, again).names).toBe(list.names);
  });

  it('drops what is of no use any more', () => {
    const list = listOf({ name: 'a', expires_at: IN_AN_HOUR }, { name: 'b' });
    const later = applyPage(beginRound({ ...list, wholeAtMs: NOW + 3600_000 }, NOW + 3600_000), page({ name: 'c' }));
    expect([...later.names.keys()]).toEqual(['b', 'c']);
  });
});

describe('a round', () => {
  const list = listOf({ name: 'a' });

  it('goes on where the last one ended', () => {
    expect(beginRound(list, NOW + 3_599_999)).toEqual({ ...list, asOfMs: NOW + 3_599_999 });
  });

  it('begins anew once an hour, and without a list', () => {
    expect(beginRound(list, NOW + 3600_000)).toEqual({ names: new Map(), asOfMs: NOW + 3600_000, wholeAtMs: NOW + 3600_000 });
    expect(beginRound(undefined, NOW).cursor).toBeUndefined();
  });
});

describe('a kept list', () => {
  it('is what was kept', () => {
    const list = listOf({ name: 'a', expires_at: IN_AN_HOUR }, { name: 'b' });
    expect(parseList(stringifyList(list))).toEqual(list);
    expect(parseList(stringifyList(listOf()))).toEqual(listOf());
  });

  it.each(['', 'x', '{}', '[]', '{"entries":[],"cursor":"1"}'])('%j is none', (text) => {
    expect(parseList(text)).toBeUndefined();
  });
});
