import { parseXml, stringifyXml, type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import type { PlaylistRules } from '@mediaflow/shared/token';
import { describe, expect, it } from 'vitest';
import { filterRepresentations } from './filter-representations.ts';

const set = (...ids: readonly string[]): XmlElement =>
  xmlElement(
    'AdaptationSet',
    {},
    xmlElement('SegmentTemplate', { timescale: 1 }),
    ...ids.map((id) => xmlElement('Representation', { id })),
  );
const mpdOf = (...sets: readonly XmlElement[]): XmlElement => xmlElement('MPD', {}, xmlElement('Period', {}, ...sets));
const MPD = mpdOf(set('v1080', 'v720', 'v360'), set('v360-av1'), set('a0'), set('a1'));

const idsIn = (mpd: XmlElement): readonly string[] =>
  Array.from(stringifyXml(mpd).matchAll(/Representation id="([^"]+)"/g), ([, id]) => id ?? '');

describe('filterRepresentations', () => {
  it.each([
    [{}, ['v1080', 'v720', 'v360', 'v360-av1', 'a0', 'a1'], { maxShortSide: 0, minShortSide: 0 }],
    [{ maxShortSide: 720 }, ['v720', 'v360', 'v360-av1', 'a0', 'a1'], { maxShortSide: 720, minShortSide: 0 }],
    [{ minShortSide: 720 }, ['v1080', 'v720', 'a0', 'a1'], { maxShortSide: 0, minShortSide: 720 }],
    [{ maxShortSide: 100 }, ['v360', 'v360-av1', 'a0', 'a1'], { maxShortSide: 360, minShortSide: 0 }],
    [{ minShortSide: 2160 }, ['v1080', 'a0', 'a1'], { maxShortSide: 0, minShortSide: 1080 }],
  ])('%j', (rules, ids, caps) => {
    const filtered = filterRepresentations(MPD, rules);
    expect(idsIn(filtered.mpd)).toEqual(ids);
    expect(filtered.caps).toEqual(caps);
  });

  it('leaves no adaptation set without representations', () => {
    const { mpd } = filterRepresentations(MPD, { minShortSide: 720 });
    expect(stringifyXml(mpd).match(/<AdaptationSet/g)).toHaveLength(3);
  });

  it('changes nothing else', () => {
    expect(filterRepresentations(MPD, {}).mpd).toEqual(MPD);
    expect(parseXml(stringifyXml(filterRepresentations(MPD, {}).mpd))).toEqual(MPD);
  });

  const seeking = (attributes: Readonly<Record<string, string>>, ...children: readonly XmlElement[]): XmlElement =>
    xmlElement('AdaptationSet', attributes, ...children, xmlElement('Representation', { id: 'v90', codecs: 'avc1.64000b' }));
  it.each([
    ['thumbnails', seeking({ mimeType: 'image/jpeg' })],
    ['thumbnails by their type', seeking({ contentType: 'image' })],
    ['trick play', seeking({}, xmlElement('EssentialProperty', { schemeIdUri: 'http://dashif.org/guidelines/trickmode', value: '0' }))],
  ])('takes no %s for the film', (_, tiny) => {
    const film = mpdOf(
      xmlElement('AdaptationSet', { codecs: 'hvc1.1.6.L93.90' }, ...['v1080', 'v360'].map((id) => xmlElement('Representation', { id }))),
      tiny,
    );
    const kept = (rules: PlaylistRules): readonly string[] => idsIn(filterRepresentations(film, rules).mpd);
    expect(kept({})).toEqual(['v1080', 'v360', 'v90']);
    expect(kept({ maxShortSide: 270 })).toEqual(['v360', 'v90']);
    expect(kept({ minShortSide: 2160 })).toEqual(['v1080']);
    expect(kept({ codecs: ['avc'] })).toEqual(['v1080', 'v360']);
  });

  it('limits no session of sound alone', () => {
    const sound = mpdOf(set('a0'));
    expect(filterRepresentations(sound, { maxShortSide: 360 })).toEqual({ mpd: sound, caps: { maxShortSide: 0, minShortSide: 0 } });
  });
});

describe('codecs and subtitles', () => {
  const coded = (id: string, codecs: string): XmlElement => xmlElement('AdaptationSet', {}, xmlElement('Representation', { id, codecs }));
  const role = (value: string): XmlElement => xmlElement('Role', { schemeIdUri: 'urn:mpeg:dash:role:2011', value });
  const text = (id: string, lang: string, ...roles: readonly XmlElement[]): XmlElement =>
    xmlElement(
      'AdaptationSet',
      { contentType: 'text', lang },
      ...roles,
      xmlElement('SegmentTemplate', { timescale: 1 }),
      xmlElement('Representation', { id }),
    );
  const film = mpdOf(
    coded('v720', 'avc1.64001f'),
    coded('v720-hevc', 'hvc1.1.6.L93.90'),
    coded('a0', 'mp4a.40.2'),
    text('t0', 'de', role('forced-subtitle')),
    text('t1', 'en', role('subtitle'), role('main')),
    text('t2', 'de', role('subtitle')),
  );
  const TRACKS = ['a0', 't0', 't1', 't2'];

  it.each<[PlaylistRules, readonly string[]]>([
    [{ codecs: ['hevc'] }, ['v720-hevc', ...TRACKS]],
    [{ codecs: ['avc', 'av1'] }, ['v720', ...TRACKS]],
    [{ codecs: ['av1'] }, ['v720', ...TRACKS]],
  ])('%j', (rules, ids) => {
    expect(idsIn(filterRepresentations(film, rules).mpd)).toEqual(ids);
  });

  it('reads codecs where the set states them for all', () => {
    const stated = (codecs: string, ...ids: readonly string[]): XmlElement => {
      const { children } = set(...ids);
      return xmlElement('AdaptationSet', { codecs }, ...children);
    };
    const customers = mpdOf(
      stated('avc1.64001f', 'low', 'high'),
      stated('hvc1.1.6.L93.90', 'new'),
      stated('vp09.00.10.08', 'other'),
      stated('mp4a.40.2', 'sound'),
    );
    const keptOf = (rules: PlaylistRules): readonly string[] => idsIn(filterRepresentations(customers, rules).mpd);
    expect(keptOf({ codecs: ['hevc'] })).toEqual(['new', 'sound']);
    expect(keptOf({ codecs: ['av1'] })).toEqual(['low', 'high', 'sound']);
    expect(keptOf({})).toEqual(['low', 'high', 'new', 'other', 'sound']);
  });

  it('makes the viewer’s language the main one', () => {
    const { mpd } = filterRepresentations(film, { defaultSubtitlesLanguage: 'de-AT' });
    expect(mpd).toEqual(
      mpdOf(
        coded('v720', 'avc1.64001f'),
        coded('v720-hevc', 'hvc1.1.6.L93.90'),
        coded('a0', 'mp4a.40.2'),
        text('t0', 'de', role('forced-subtitle')),
        text('t1', 'en', role('subtitle')),
        text('t2', 'de', role('subtitle'), role('main')),
      ),
    );
  });

  it('changes nothing for a language that is not there', () => {
    expect(filterRepresentations(film, { defaultSubtitlesLanguage: 'fr' }).mpd).toEqual(film);
  });
});
