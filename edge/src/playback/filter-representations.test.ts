import { parseXml, stringifyXml, type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
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
    [{ maxShortSide: 720 }, ['v720', 'v360', 'v360-av1', 'a0', 'a1'], { maxShortSide: 720, minShortSide: 360 }],
    [{ minShortSide: 720 }, ['v1080', 'v720', 'a0', 'a1'], { maxShortSide: 1080, minShortSide: 720 }],
    [{ maxShortSide: 100 }, ['v360', 'v360-av1', 'a0', 'a1'], { maxShortSide: 360, minShortSide: 360 }],
    [{ minShortSide: 2160 }, ['v1080', 'a0', 'a1'], { maxShortSide: 1080, minShortSide: 1080 }],
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

  it('limits no session of sound alone', () => {
    const sound = mpdOf(set('a0'));
    expect(filterRepresentations(sound, { maxShortSide: 360 })).toEqual({ mpd: sound, caps: { maxShortSide: 0, minShortSide: 0 } });
  });
});
