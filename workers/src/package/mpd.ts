import { stringifyXml, type XmlElement, xmlElement } from '@mediaflow/shared/dash/xml';
import type { AudioRendition, MediaRendition, TextRendition, VideoRendition } from '@mediaflow/shared/rendition';
import {
  AAC_FRAME_SAMPLES,
  AUDIO_SAMPLE_RATE_HZ,
  longestSegmentSeconds,
  segmentAudioFrames,
  segmentFrames,
  type Timeline,
  textSegmentCount,
  textSegmentSpan,
  timelineDurationMs,
  videoTimescale,
} from '@mediaflow/shared/timeline';
import { bitratesOf } from './bitrates.ts';
import type { ManifestContent } from './multivariant-playlist.ts';

const ROLE_SCHEME = 'urn:mpeg:dash:role:2011';
const CHANNELS_SCHEME = 'urn:mpeg:dash:23003:3:audio_channel_configuration:2011';

/**
 * `manifest.mpd`: a static presentation (ISO/IEC 23009-1, live profile, which allows templates) over the same segments as HLS.
 * Times in it are of the presentation, that is, after the edit lists of the init segments: both picture and sound begin at 0.
 *
 * Text is the same WebVTT files, cut into segments by a template, with cue times of the whole film. DASH-IF's guidelines know WebVTT
 * as one file or in MP4 only, but dash.js 5 and Shaka 5 both take it so, and whoever does not plays without text.
 */
export function stringifyMpd(content: ManifestContent): string {
  const { timeline, renditions } = content;
  const videos = renditions.filter((rendition) => rendition.kind === 'video');
  const audios = renditions.filter((rendition) => rendition.kind === 'audio');
  const texts = renditions.filter((rendition) => rendition.kind === 'text');
  const codecs = [...Map.groupBy(videos, ({ codec }) => codec).values()];
  const longest = seconds(longestSegmentSeconds(timeline));
  return stringifyXml(
    xmlElement(
      'MPD',
      {
        xmlns: 'urn:mpeg:dash:schema:mpd:2011',
        profiles: 'urn:mpeg:dash:profile:isoff-live:2011',
        type: 'static',
        mediaPresentationDuration: seconds(timelineDurationMs(timeline) / 1000),
        maxSegmentDuration: longest,
        // `bandwidth` is the peak over a segment, so one segment is all that a player must hold ahead.
        minBufferTime: longest,
      },
      xmlElement(
        'Period',
        { id: '0', start: 'PT0S' },
        ...codecs.map((members) => videoSet(members, content)),
        ...audios.map((audio) => audioSet(audio, content)),
        ...texts.map((text) => textSet(text, timeline)),
      ),
    ),
  );
}

/** The rungs of one codec: a player switches between them at any segment. */
function videoSet(videos: readonly VideoRendition[], content: ManifestContent): XmlElement {
  const representations = videos.map((video) =>
    xmlElement('Representation', {
      ...representation(video, content),
      width: video.width,
      height: video.height,
      frameRate: `${video.frameRate.num}/${video.frameRate.den}`,
      sar: '1:1',
    }),
  );
  const attributes = { contentType: 'video', mimeType: 'video/mp4', segmentAlignment: 'true', startWithSAP: 1 };
  return xmlElement('AdaptationSet', attributes, videoTemplate(content.timeline), ...representations);
}

function audioSet(audio: AudioRendition, content: ManifestContent): XmlElement {
  return xmlElement(
    'AdaptationSet',
    { contentType: 'audio', mimeType: 'audio/mp4', lang: audio.language, segmentAlignment: 'true', startWithSAP: 1 },
    xmlElement('AudioChannelConfiguration', { schemeIdUri: CHANNELS_SCHEME, value: audio.channels }),
    xmlElement('Label', {}, audio.name),
    xmlElement('Role', { schemeIdUri: ROLE_SCHEME, value: audio.isDefault ? 'main' : 'alternate' }),
    audioTemplate(content.timeline),
    xmlElement('Representation', { ...representation(audio, content), audioSamplingRate: AUDIO_SAMPLE_RATE_HZ }),
  );
}

/** Required by the schema (5.3.5.2) although no player weighs it: about 30 characters a second. */
const TEXT_BANDWIDTH_BPS = 256;

function textSet(text: TextRendition, timeline: Timeline): XmlElement {
  return xmlElement(
    'AdaptationSet',
    { contentType: 'text', mimeType: 'text/vtt', lang: text.language },
    xmlElement('Label', {}, text.name),
    xmlElement('Role', { schemeIdUri: ROLE_SCHEME, value: text.isForced ? 'forced-subtitle' : 'subtitle' }),
    textTemplate(timeline),
    xmlElement('Representation', { id: text.id, bandwidth: TEXT_BANDWIDTH_BPS }),
  );
}

const representation = (rendition: MediaRendition, { timeline, measured }: ManifestContent) => ({
  id: rendition.id,
  codecs: rendition.codecs,
  bandwidth: bitratesOf(rendition, timeline, measured).peakBps,
});

/**
 * A timeline and not one `duration`: sound may last longer than the last picture, and from the presentation's end a player
 * would count a segment too many.
 */
function videoTemplate(timeline: Timeline): XmlElement {
  const { timescale, frameTicks } = videoTimescale(timeline.frameRate);
  const durations = Array.from({ length: timeline.segmentCount }, (_, number) => segmentFrames(timeline, number).count * frameTicks);
  return mediaTemplate(timescale, durations);
}

/** The first AAC frame primes the decoder and is not heard, so it is no part of the presentation. */
function audioTemplate(timeline: Timeline): XmlElement {
  const durations = Array.from({ length: timeline.segmentCount }, (_, number) => {
    const { count } = segmentAudioFrames(timeline, number);
    return (number === 0 ? count - 1 : count) * AAC_FRAME_SAMPLES;
  });
  return mediaTemplate(AUDIO_SAMPLE_RATE_HZ, durations);
}

const REPRESENTATION_ID = '$RepresentationID$';

const mediaTemplate = (timescale: number, durations: readonly number[]): XmlElement =>
  segmentTemplate({ timescale, initialization: `${REPRESENTATION_ID}/init.mp4`, media: `${REPRESENTATION_ID}/$Number$.m4s` }, durations);

function textTemplate(timeline: Timeline): XmlElement {
  const { timescale } = videoTimescale(timeline.frameRate);
  const durations = Array.from({ length: textSegmentCount(timeline) }, (_, number) => {
    const { startSeconds, endSeconds } = textSegmentSpan(timeline, number);
    return Math.round((endSeconds - startSeconds) * timescale);
  });
  return segmentTemplate({ timescale, media: `${REPRESENTATION_ID}/$Number$.vtt` }, durations);
}

interface TemplateAttributes {
  readonly timescale: number;
  readonly initialization?: string;
  readonly media: string;
}

const segmentTemplate = (attributes: TemplateAttributes, durations: readonly number[]): XmlElement =>
  xmlElement('SegmentTemplate', { startNumber: 0, ...attributes }, xmlElement('SegmentTimeline', {}, ...runs(durations)));

/** `S` elements: `r` is how often the same duration follows once more. */
function runs(durations: readonly number[]): readonly XmlElement[] {
  const starts = durations.flatMap((duration, index) => (duration === durations[index - 1] ? [] : [index]));
  return starts.map((start, index) => {
    const repeats = (starts[index + 1] ?? durations.length) - start - 1;
    return xmlElement('S', { t: start === 0 ? 0 : undefined, d: durations[start] ?? 0, r: repeats === 0 ? undefined : repeats });
  });
}

/** As `xs:duration`. */
const seconds = (value: number): string => `PT${Number(value.toFixed(6))}S`;
