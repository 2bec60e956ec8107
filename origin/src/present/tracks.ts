import type { Asset } from '@mediaflow/shared/api';
import type { AudioRendition, Rendition, TextRendition } from '@mediaflow/shared/rendition';
import type { Source } from '@mediaflow/shared/source';

export type Track = NonNullable<Asset['tracks']>[number];

export interface TrackContext {
  readonly status: Asset['status'];
  /** In seconds. */
  readonly duration: number;
  readonly frameRate: number;
}

/** The picture as the source has it, then the sound and the subtitles that a player can choose. Pure. */
export function presentTracks(source: Source, renditions: readonly Rendition[], context: TrackContext): Track[] {
  const { duration, frameRate } = context;
  const others = renditions.flatMap((rendition) => {
    if (rendition.kind === 'video') return [];
    return rendition.kind === 'audio' ? presentAudio(rendition, duration) : presentText(rendition, context);
  });
  if (source.video === undefined) return others;
  const { width, height } = source.video;
  return [{ id: 'v0', type: 'video', duration, max_width: width, max_height: height, max_frame_rate: frameRate }, ...others];
}

function presentAudio({ id, channels, language, name, isDefault }: AudioRendition, duration: number): Track {
  return { id, type: 'audio', duration, max_channels: channels, name, ...languageOf(language), primary: isDefault };
}

function presentText({ id, language, name }: TextRendition, { status, duration }: TrackContext): Track {
  return { id, type: 'text', duration, text_type: 'subtitles', text_source: 'embedded', name, ...languageOf(language), status };
}

const languageOf = (language: string | undefined): Pick<Track, 'language_code'> =>
  language === undefined ? {} : { language_code: language };
