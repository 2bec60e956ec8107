import { planAudio, planText } from './plan-tracks.ts';
import { planSecondCodec, planVideo } from './plan-video.ts';
import { QUALITY_PROFILES } from './quality-profile.ts';
import type { Rendition, SecondCodec, VideoQuality } from './rendition.ts';
import { chooseRungs, LADDER, type Rung } from './rungs.ts';
import type { Source } from './source.ts';
import type { Timeline } from './timeline.ts';

export interface LadderOptions {
  readonly quality?: VideoQuality;
  /** Encoded after H.264, for players that take it. */
  readonly secondCodec?: SecondCodec | undefined;
  readonly ladder?: readonly Rung[];
}

/**
 * What a source is encoded to, from its probe alone: H.264 from largest to smallest, the same of a second codec, audio,
 * text. Nothing is upscaled. Premium's are the opening only; `analyze` chooses the rest, second codec included.
 */
export function planRenditions(
  source: Source,
  timeline: Timeline,
  { quality = 'plus', secondCodec, ladder = LADDER }: LadderOptions = {},
): readonly Rendition[] {
  const { preset, crfOffset, select } = QUALITY_PROFILES[quality];
  const { video } = source;
  const rungs = video === undefined ? [] : select(chooseRungs(video, ladder));
  const videos = video === undefined ? [] : rungs.map((rung) => planVideo(video, timeline, { ...rung, crf: rung.crf + crfOffset }, preset));
  const extras = secondCodec === undefined || quality === 'premium' ? [] : planSecondCodec(videos, secondCodec);
  return [...videos, ...extras, ...planAudio(source), ...planText(source)];
}
