import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml, stringifyXml, type XmlElement, XmlError, xmlElement } from './xml.ts';

const MPD = xmlElement(
  'MPD',
  { type: 'static', absent: undefined, duration: 1.5 },
  xmlElement('BaseURL', {}, '/s/a&b/'),
  xmlElement('Period', { id: 'a "quoted" <name> & more' }, xmlElement('S', { t: 0, d: 96 })),
);

describe('stringifyXml', () => {
  it('writes one element a line, escaped', () => {
    expect(stringifyXml(MPD)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<MPD type="static" duration="1.5">
  <BaseURL>/s/a&amp;b/</BaseURL>
  <Period id="a &quot;quoted&quot; &lt;name&gt; &amp; more">
    <S t="0" d="96"/>
  </Period>
</MPD>
`);
  });

  it('leaves out what XML cannot hold', () => {
    expect(stringifyXml(xmlElement('a', { b: 'x\u0000\u001b\ud800\uffffy' }))).toContain('b="xy"');
  });
});

const names = fc.constantFrom('MPD', 'Period', 'cenc:pssh', 'a.b-c');
const texts = fc.string({ unit: fc.constantFrom('a', '"', "'", '&', '<', '>', '&lt;', 'é', ' ', '/') });
const elements = fc.letrec<{ element: XmlElement }>((tie) => ({
  element: fc.record({
    name: names,
    attributes: fc.dictionary(names, texts, { maxKeys: 3, noNullPrototype: true }),
    children: fc.oneof(
      { depthSize: 'small' },
      fc.constant([]),
      texts.filter((text) => text.trim() !== '').map((text) => [text]),
      fc.array(tie('element'), { maxLength: 3 }),
    ),
  }),
})).element;

describe('parseXml', () => {
  it('is the inverse of stringifyXml', () => {
    fc.assert(
      fc.property(elements, (element) => {
        expect(parseXml(stringifyXml(element))).toEqual(element);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'x'],
    ['two roots', '<a/><b/>'],
    ['an open element', '<a><b/>'],
    ['a wrong end', '<a></b>'],
    ['an end alone', '</a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute that never ends', '<a b="c'],
    ['a comment', '<a><!-- x --></a>'],
    ['an entity declaration', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['elements without end', '<a>'.repeat(1000)],
    ['nine megabytes', `<a>${' '.repeat(9_000_000)}</a>`],
  ])('refuses %s', (_, text) => {
    expect(() => parseXml(text)).toThrow(XmlError);
  });

  it.each([
    ['spaces', `<a ${' '.repeat(4_000_000)}`],
    ['attributes', `<a${' b="c"'.repeat(500_000)}`],
    ['letters', `<${'a'.repeat(4_000_000)}`],
  ])('refuses millions of %s without more than linear work', (_, text) => {
    expect(() => parseXml(text)).toThrow(XmlError);
  });
});
