import { describe, expect, it } from 'vitest';
import { playlistRulesSchema, toPlaylistRules } from './token.ts';

describe('playlist rules', () => {
  it.each([
    [{}, {}],
    [{ sub: 'x', custom: { viewer: 1 } }, {}],
    [{ max_resolution: '1080p' }, { maxShortSide: 1080 }],
    [
      { min_resolution: '360p', max_resolution: '720p', rendition_order: 'asc' },
      { minShortSide: 360, maxShortSide: 720, order: 'asc' },
    ],
    [{ default_subtitles_lang: 'pt-BR' }, { defaultSubtitlesLanguage: 'pt-BR' }],
    [{ codecs: 'hevc,avc,avc' }, { codecs: ['avc', 'hevc'] }],
    [{ roku_trick_play: 'false' }, { hasTrickPlay: false }],
    [{ roku_trick_play: true }, { hasTrickPlay: true }],
    [
      { asset_start_time: 10, asset_end_time: 20.25 },
      { clipStartSeconds: 10, clipEndSeconds: 20.25 },
    ],
    [
      { asset_start_time: '10', asset_end_time: '20.25' },
      { clipStartSeconds: 10, clipEndSeconds: 20.25 },
    ],
    [{ asset_start_time: '0' }, { clipStartSeconds: 0 }],
    [{ asset_end_time: 0.001 }, { clipEndSeconds: 0.001 }],
  ])('of %j', (params, rules) => {
    expect(toPlaylistRules(playlistRulesSchema.parse(params))).toEqual(rules);
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ max_resolution: '721p' }, 'max_resolution', 'Invalid option'],
    [{ max_resolution: 720 }, 'max_resolution', 'Invalid option'],
    [{ rendition_order: 'random' }, 'rendition_order', 'Invalid option'],
    [{ asset_start_time: [10] }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ default_subtitles_lang: '' }, 'default_subtitles_lang', 'must be a language tag'],
    [{ default_subtitles_lang: 'en_US' }, 'default_subtitles_lang', 'must be a language tag'],
    [{ codecs: 'h264' }, 'codecs', 'must be a list of avc, hevc, av1'],
    [{ codecs: '' }, 'codecs', 'must be a list of avc, hevc, av1'],
    [{ codecs: 'avc,' }, 'codecs', 'must be a list of avc, hevc, av1'],
    [{ roku_trick_play: 1 }, 'roku_trick_play', 'must be true or false'],
    [{ roku_trick_play: 'yes' }, 'roku_trick_play', 'must be true or false'],
    [{ asset_start_time: -1 }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: '-1' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: '1e3' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: '0x10' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: '' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: ' 1' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: Number.POSITIVE_INFINITY }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_start_time: '1m' }, 'asset_start_time', 'must be seconds from 0 on'],
    [{ asset_end_time: null }, 'asset_end_time', 'must be seconds from 0 on'],
    [{ asset_end_time: 0 }, 'asset_end_time', 'must be after asset_start_time'],
    [{ asset_start_time: 10, asset_end_time: '10' }, 'asset_end_time', 'must be after asset_start_time'],
    [{ asset_start_time: '10', asset_end_time: '9' }, 'asset_end_time', 'must be after asset_start_time'],
  ])('cannot be %j', (params, path, message) => {
    const [issue, ...others] = playlistRulesSchema.safeParse(params).error?.issues ?? [];
    expect(others).toEqual([]);
    expect(issue?.path).toEqual([path]);
    expect(issue?.message).toContain(message);
  });
});
