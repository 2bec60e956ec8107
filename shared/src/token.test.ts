import { describe, expect, it } from 'vitest';
import { playbackClaimsSchema, playlistRulesSchema, toPlaylistRules } from './token.ts';

const CLAIMS = { sub: 'a'.repeat(32), exp: 1_800_000_000 };

describe('playback claims', () => {
  it('keep what they do not know', () => {
    const claims = { ...CLAIMS, aud: 'v', kid: 'k', custom: { viewer: 1 } };
    expect(playbackClaimsSchema.parse(claims)).toEqual(claims);
  });

  it.each([{ aud: ['v', 't'] }, { nbf: 1 }, { max_resolution: '720p', min_resolution: '270p', rendition_order: 'desc' }])(
    'may say %j',
    (claims) => {
      expect(playbackClaimsSchema.safeParse({ ...CLAIMS, ...claims }).success).toBe(true);
    },
  );

  it.each([
    { exp: undefined },
    { exp: '1800000000' },
    { exp: Number.NaN },
    { sub: undefined },
    { sub: 5 },
    { aud: 5 },
    { nbf: 'now' },
    { max_resolution: '721p' },
    { max_resolution: 720 },
    { rendition_order: 'random' },
  ])('may not say %j', (claims) => {
    expect(playbackClaimsSchema.safeParse({ ...CLAIMS, ...claims }).success).toBe(false);
  });
});

describe('playlist rules', () => {
  it.each([
    [{}, {}],
    [{ max_resolution: '1080p' }, { maxShortSide: 1080 }],
    [
      { min_resolution: '360p', max_resolution: '720p', rendition_order: 'asc' },
      { minShortSide: 360, maxShortSide: 720, order: 'asc' },
    ],
  ])('of %j', (params, rules) => {
    expect(toPlaylistRules(playlistRulesSchema.parse(params))).toEqual(rules);
  });
});
