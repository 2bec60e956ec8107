import { parseXml, stringifyXml } from '@mediaflow/shared/dash/xml';
import { describe, expect, it } from 'vitest';
import { clipManifest } from './clip-manifest.ts';

const MPD = `<?xml version="1.0" encoding="UTF-8"?>
<MPD type="static" mediaPresentationDuration="PT150S">
  <Period id="0" start="PT0S">
    <AdaptationSet contentType="video">
      <SegmentTemplate startNumber="0" timescale="30000" media="$Number$.m4s">
        <SegmentTimeline>
          <S t="0" d="120120" r="36"/>
          <S d="60060"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="v720"/>
    </AdaptationSet>
    <AdaptationSet contentType="audio">
      <SegmentTemplate startNumber="0" timescale="48000" media="$Number$.m4s">
        <SegmentTimeline>
          <S t="0" d="192512" r="1"/>
          <S d="191488"/>
          <S d="192512" r="34"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="a0"/>
    </AdaptationSet>
    <AdaptationSet contentType="text">
      <SegmentTemplate startNumber="0" timescale="30000" media="$Number$.vtt">
        <SegmentTimeline>
          <S t="0" d="1801800" r="1"/>
          <S d="840840"/>
        </SegmentTimeline>
      </SegmentTemplate>
      <Representation id="t0"/>
    </AdaptationSet>
  </Period>
</MPD>
`;

const clip = (startMs: number, endMs: number, firstSegment: number, lastSegment: number): string =>
  stringifyXml(clipManifest(parseXml(MPD), { startMs, endMs, originMs: 4004 * firstSegment, firstSegment, lastSegment }));
const linesWith = (text: string, word: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line.includes(word) ? [line.trim()] : []));

describe('clipManifest', () => {
  it('names the window’s segments and moves the first to the beginning', () => {
    const text = clip(5000, 10_500, 1, 2);
    expect(linesWith(text, '<MPD')).toEqual(['<MPD type="static" mediaPresentationDuration="PT6.496S">']);
    expect(linesWith(text, '<SegmentTemplate')).toEqual([
      '<SegmentTemplate startNumber="1" timescale="30000" media="$Number$.m4s" presentationTimeOffset="120120">',
      '<SegmentTemplate startNumber="1" timescale="48000" media="$Number$.m4s" presentationTimeOffset="192192">',
      '<SegmentTemplate startNumber="0" timescale="30000" media="$Number$.vtt">',
    ]);
    expect(linesWith(text, '<S ')).toEqual([
      '<S t="120120" d="120120" r="1"/>',
      '<S t="192512" d="192512"/>',
      '<S d="191488"/>',
      '<S t="0" d="1681680"/>',
    ]);
  });

  it('lets text begin with the pictures, whose segments are shorter', () => {
    const textSegments = (text: string): readonly string[] => linesWith(text.slice(text.indexOf('contentType="text"')), '<S ');
    expect(textSegments(clip(49_000, 135_000, 12, 33))).toEqual(['<S t="0" d="360360"/>', '<S d="1801800"/>', '<S d="840840"/>']);
    expect(textSegments(clip(60_060, 70_000, 15, 17))).toEqual(['<S t="0" d="1801800"/>']);
  });

  it('reaches to the end', () => {
    const text = clip(125_000, 150_150, 31, 37);
    expect(linesWith(text, 'startNumber').map((line) => /startNumber="(\d+)"/.exec(line)?.[1])).toEqual(['31', '31', '2']);
    expect(linesWith(text, '<S ')).toEqual([
      '<S t="3723720" d="120120" r="5"/>',
      '<S d="60060"/>',
      '<S t="5966848" d="192512" r="6"/>',
      '<S t="0" d="720720"/>',
    ]);
  });

  it('cannot begin beyond the end', () => {
    expect(() => clip(200_000, 210_000, 50, 52)).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});
