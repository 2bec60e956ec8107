import { MAX_TEXT_TRACKS, type TextStream, type Warning } from '@mediaflow/shared/source';
import { TEXT_CODECS } from '../../ffmpeg/codecs.ts';
import { describeTrack, hasDisposition, type TrackTags } from './track-tags.ts';

/** A subtitle track as ffprobe describes it. */
export interface ProbedText extends TrackTags {
  readonly index: number;
  readonly codec_type?: string | undefined;
  readonly codec_name?: string | undefined;
}

export interface TextTracks {
  readonly text: TextStream[];
  readonly warnings: readonly Warning[];
}

const TEXTS: ReadonlySet<string> = new Set(TEXT_CODECS.map(({ codec }) => codec));
/** Pictures of text, as people call them. */
const PICTURE_CODECS: Readonly<Record<string, string>> = {
  hdmv_pgs_subtitle: 'PGS, as on Blu-ray discs',
  dvd_subtitle: 'VobSub, as on DVDs',
  dvb_subtitle: 'DVB, as on television',
  xsub: 'XSUB, as in DivX files',
};

/** The subtitle tracks to carry, in the container's order, and a sentence about each that is left out. */
export function toTextTracks(streams: readonly ProbedText[]): TextTracks {
  const subtitles = streams.filter(({ codec_type }) => codec_type === 'subtitle');
  const text = subtitles.filter(({ codec_name = '' }) => TEXTS.has(codec_name));
  const others = subtitles.filter(({ codec_name = '' }) => !TEXTS.has(codec_name));
  return {
    text: text.slice(0, MAX_TEXT_TRACKS).map(toTextStream),
    warnings: [
      ...others.slice(0, MAX_TEXT_TRACKS).map((stream) => dropped(describeDropped(stream))),
      ...(text.length > MAX_TEXT_TRACKS
        ? [dropped(`The file has ${text.length} subtitle tracks; the first ${MAX_TEXT_TRACKS} are kept.`)]
        : []),
    ],
  };
}

function toTextStream(stream: ProbedText): TextStream {
  return {
    index: stream.index,
    codec: stream.codec_name ?? '',
    ...describeTrack(stream),
    isDefault: hasDisposition(stream, 'default'),
    isForced: hasDisposition(stream, 'forced'),
  };
}

const dropped = (message: string): Warning => ({ type: 'subtitles_dropped', message });

function describeDropped(stream: ProbedText): string {
  const { language, title } = describeTrack(stream);
  const labels = [title, language].filter((label) => label !== undefined).join(', ');
  const track = `Subtitle track ${stream.index}${labels === '' ? '' : ` (${labels})`}`;
  const codec = stream.codec_name ?? '';
  const pictures = Object.hasOwn(PICTURE_CODECS, codec) ? PICTURE_CODECS[codec] : undefined;
  if (pictures !== undefined) return `${track} consists of pictures (${pictures}) and is left out; only text can be shown.`;
  return `${track} is of a kind that cannot be read and is left out.`;
}
