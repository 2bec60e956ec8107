import { describe, expect, it } from 'vitest';
import { XmlError, xmlElement } from '../dash/xml.ts';
import { PlaylistRefusal } from './playlist-refusal.ts';
import { matchFiles, readMpd } from './read-mpd.ts';

const PLACE = { prefix: 'external/acme/film/', path: 'dash/main.mpd' };

const TEMPLATE = 'initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number%05d$.m4s"';

/** @param inner of the MPD @param attributes of the MPD */
const mpd = (inner: string, attributes = ''): string => `<?xml version="1.0"?>
<!-- made by somebody's packager: https://packager.example/ -->
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1H2M3.5S" ${attributes}>
  ${inner}
</MPD>`;
const withSet = (inner: string, before = ''): string =>
  mpd(`${before}<Period><AdaptationSet contentType="video" width="1280" height="720">${inner}</AdaptationSet></Period>`);
const SEGMENTED = withSet(
  `<SegmentTemplate ${TEMPLATE}/><Representation id="a" bandwidth="1"/><Representation id="b" bandwidth="2" height="360" width="640"/>`,
);

describe('readMpd', () => {
  it('lists each representation with its files', () => {
    expect(readMpd(SEGMENTED, PLACE)).toMatchObject({
      base: 'dash/main.mpd',
      durationSeconds: 3723.5,
      representations: [
        { id: 'a', shortSide: 720, isPicture: true, files: ['dash/a/init.mp4', 'dash/a/$Number$.m4s'] },
        { id: 'b', shortSide: 360, isPicture: true, files: ['dash/b/init.mp4', 'dash/b/$Number$.m4s'] },
      ],
    });
  });

  it.each([
    ['PT1H2M3.5S', 3723.5],
    ['P0Y0M0DT0H9M56.46S', 596.46],
    ['P1DT1S', 86_401],
    ['P1Y', 0],
    ['', 0],
  ])('lasts %s: %d s', (duration, seconds) => {
    expect(readMpd(SEGMENTED.replace('PT1H2M3.5S', duration), PLACE).durationSeconds).toBe(seconds);
  });

  it('does not pass on where its packager says there is more information', () => {
    const information = '<ProgramInformation moreInformationURL="http://gpac.test"><Title>Film</Title></ProgramInformation>';
    const [first] = readMpd(SEGMENTED.replace('<Period>', `${information}<Period>`), PLACE).mpd.children;
    expect(first).toEqual(xmlElement('ProgramInformation', {}, xmlElement('Title', {}, 'Film')));
  });

  it('counts URLs from BaseURLs', () => {
    const single = '<Representation id="a"><BaseURL>v.mp4</BaseURL><SegmentBase indexRange="0-9"/></Representation>';
    expect(readMpd(withSet(single), PLACE).representations[0]?.files).toEqual(['dash/v.mp4']);
    for (const base of ['../media/', '/external/acme/film/media/']) {
      const read = readMpd(withSet(single, `<BaseURL>${base}</BaseURL>`), PLACE);
      expect(read).toMatchObject({ base: 'media/', representations: [{ files: ['media/v.mp4'] }] });
      expect(JSON.stringify(read.mpd)).not.toContain('media/');
    }
    const list =
      '<Representation id="a"><SegmentList><Initialization sourceURL="i.mp4"/><SegmentURL media="1.m4s"/></SegmentList></Representation>';
    expect(readMpd(withSet(list), PLACE).representations[0]?.files).toEqual(['dash/i.mp4', 'dash/1.m4s']);
  });

  it.each([
    ['another host', withSet('<Representation id="a"><BaseURL>https://evil.test/</BaseURL></Representation>'), 'scheme'],
    ['another host for all', withSet('<Representation id="a"/>', '<BaseURL>//evil.test/</BaseURL>'), 'other_host'],
    ['a template elsewhere', SEGMENTED.replace('media="', 'media="http://evil.test/'), 'other_host'],
    ['a way out', SEGMENTED.replace('media="', 'media="../../'), 'outside'],
    ['an id that climbs', SEGMENTED.replace('id="a"', 'id="../../x"'), 'outside'],
    ['an escape', SEGMENTED.replace('media="', 'media="%2e%2e/'), 'escape'],
    [
      'an absolute path further in',
      withSet('<Representation id="a"><BaseURL>/external/acme/film/v.mp4</BaseURL></Representation>'),
      'outside',
    ],
    ['two BaseURLs', withSet('<Representation id="a"/>', '<BaseURL>a/</BaseURL><BaseURL>b/</BaseURL>'), 'unsupported'],
    ['a remote element', SEGMENTED.replace('<Period>', '<Period xlink:href="p.xml">'), 'unsupported'],
    ['a remote element by another name', SEGMENTED.replace('<Period>', '<Period x:href="p.xml" x:actuate="onLoad">'), 'unsupported'],
    ['an element that some players take for a BaseURL', mpd('<d:BaseURL>http://evil.test/</d:BaseURL><Period/>'), 'unsupported'],
    ['a template of many numbers', SEGMENTED.replace('media="', 'media="$Number$-$Time$-'), 'unsupported'],
    ['another place of the MPD', mpd('<Location>other.mpd</Location>'), 'unsupported'],
    ['a licence server', SEGMENTED.replace('<SegmentT', '<ContentProtection schemeIdUri="urn:x"/><SegmentT'), 'unsupported'],
    ['a URL in any other attribute', SEGMENTED.replace('<Period>', '<Period tracker="http://evil.test/">'), 'other_host'],
    ['one without slashes', SEGMENTED.replace('<Period>', '<Period tracker=" HTTPS:evil.test">'), 'other_host'],
    ['live', SEGMENTED.replace('static', 'dynamic'), 'live'],
    ['no representation', mpd('<Period/>'), 'empty'],
    ['another document', '<html></html>', 'not_mpd'],
    ['no XML', 'MPD', undefined],
    ['a document type', '<!DOCTYPE MPD [<!ENTITY x "http://evil.test/">]><MPD/>', undefined],
  ])('refuses %s', (_, text, reason) => {
    const read = (): unknown => readMpd(text, PLACE);
    expect(read).toThrow(reason === undefined ? XmlError : PlaylistRefusal);
    if (reason !== undefined) expect(read).toThrow(expect.objectContaining({ reason }));
  });
});

describe('matchFiles', () => {
  const has = matchFiles(['a/init.mp4', 'a/seg-$Number$.m4s']);
  it.each([
    ['a/init.mp4', true],
    ['a/seg-00001.m4s', true],
    ['a/seg-.m4s', false],
    ['a/seg-1x.m4s', false],
    ['a/seg-1.m4s.bak', false],
    ['a/seg-1/../../b/1.m4s', false],
    ['a/seg-1xm4s', false],
    ['b/init.mp4', false],
  ])('%s: %s', (path, expected) => {
    expect(has(path)).toBe(expected);
  });
});
