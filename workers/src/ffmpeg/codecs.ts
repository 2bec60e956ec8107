/** A codec that sources may come in. */
export interface SourceCodec {
  /** ffmpeg's name for the codec, as ffprobe reports it. */
  readonly codec: string;
  /** What people call it. */
  readonly label: string;
  /** ffmpeg's decoders for it, where they have other names than the codec. */
  readonly decoders?: readonly string[];
}

export const VIDEO_CODECS: readonly SourceCodec[] = [
  { codec: 'h264', label: 'H.264' },
  { codec: 'hevc', label: 'H.265 (HEVC)' },
  { codec: 'av1', label: 'AV1', decoders: ['libdav1d', 'libaom-av1', 'av1'] },
  { codec: 'vp9', label: 'VP9' },
  { codec: 'vp8', label: 'VP8' },
  { codec: 'mpeg4', label: 'MPEG-4 part 2 (DivX, Xvid)' },
  { codec: 'mpeg2video', label: 'MPEG-2' },
  { codec: 'mpeg1video', label: 'MPEG-1' },
  { codec: 'prores', label: 'Apple ProRes' },
  { codec: 'dnxhd', label: 'Avid DNxHD, DNxHR' },
  { codec: 'cfhd', label: 'GoPro CineForm' },
  { codec: 'dvvideo', label: 'DV' },
  { codec: 'mjpeg', label: 'Motion JPEG' },
  { codec: 'png', label: 'PNG in QuickTime' },
  { codec: 'qtrle', label: 'QuickTime Animation' },
  { codec: 'rawvideo', label: 'uncompressed' },
  { codec: 'v210', label: 'uncompressed 10-bit 4:2:2' },
  { codec: 'ffv1', label: 'FFV1' },
  { codec: 'huffyuv', label: 'HuffYUV' },
  { codec: 'ffvhuff', label: 'HuffYUV (FFmpeg variant)' },
  { codec: 'utvideo', label: 'Ut Video' },
  { codec: 'theora', label: 'Theora' },
  { codec: 'vc1', label: 'VC-1' },
  { codec: 'wmv3', label: 'Windows Media Video 9' },
  { codec: 'wmv2', label: 'Windows Media Video 8' },
  { codec: 'wmv1', label: 'Windows Media Video 7' },
  { codec: 'msmpeg4v3', label: 'Microsoft MPEG-4 v3 (DivX 3)', decoders: ['msmpeg4'] },
  { codec: 'msmpeg4v2', label: 'Microsoft MPEG-4 v2' },
  { codec: 'h263', label: 'H.263' },
  { codec: 'flv1', label: 'Sorenson H.263', decoders: ['flv'] },
  { codec: 'vp6f', label: 'VP6 (Flash)' },
];

const PCM_FORMATS = ['u8', 's16le', 's16be', 's24le', 's24be', 's32le', 's32be', 'f32le', 'f32be', 'f64le', 'f64be', 'alaw', 'mulaw'];

export const AUDIO_CODECS: readonly SourceCodec[] = [
  { codec: 'aac', label: 'AAC' },
  { codec: 'aac_latm', label: 'AAC (LATM)' },
  { codec: 'mp3', label: 'MP3', decoders: ['mp3float', 'mp3'] },
  { codec: 'mp2', label: 'MPEG layer II', decoders: ['mp2float', 'mp2'] },
  { codec: 'ac3', label: 'Dolby Digital' },
  { codec: 'eac3', label: 'Dolby Digital Plus' },
  { codec: 'truehd', label: 'Dolby TrueHD' },
  { codec: 'dts', label: 'DTS', decoders: ['dca'] },
  { codec: 'opus', label: 'Opus' },
  { codec: 'vorbis', label: 'Vorbis' },
  { codec: 'speex', label: 'Speex', decoders: ['speex', 'libspeex'] },
  { codec: 'flac', label: 'FLAC' },
  { codec: 'alac', label: 'Apple Lossless' },
  ...PCM_FORMATS.map((format) => ({ codec: `pcm_${format}`, label: `PCM ${format}` })),
  { codec: 'pcm_s8', label: 'PCM s8' },
  { codec: 'pcm_bluray', label: 'PCM (Blu-ray)' },
  { codec: 'pcm_dvd', label: 'PCM (DVD)' },
  { codec: 'adpcm_ms', label: 'Microsoft ADPCM' },
  { codec: 'adpcm_ima_wav', label: 'IMA ADPCM (WAV)' },
  { codec: 'adpcm_ima_qt', label: 'IMA ADPCM (QuickTime)' },
  { codec: 'amr_nb', label: 'AMR narrow-band', decoders: ['amrnb'] },
  { codec: 'amr_wb', label: 'AMR wide-band', decoders: ['amrwb'] },
  { codec: 'wmav1', label: 'Windows Media Audio 1' },
  { codec: 'wmav2', label: 'Windows Media Audio 2' },
  { codec: 'wmapro', label: 'Windows Media Audio Pro' },
  { codec: 'nellymoser', label: 'Nellymoser' },
];

/** Subtitles that are text, and become WebVTT. */
export const TEXT_CODECS: readonly SourceCodec[] = [
  { codec: 'subrip', label: 'SubRip (SRT)', decoders: ['srt', 'subrip'] },
  { codec: 'ass', label: 'SubStation Alpha', decoders: ['ssa', 'ass'] },
  { codec: 'mov_text', label: 'MPEG-4 timed text' },
  { codec: 'webvtt', label: 'WebVTT' },
  { codec: 'text', label: 'plain text' },
];

/** Opened by ffprobe only because their stream is there: no picture of text and no cover is ever part of an asset. */
const IGNORED_DECODERS = [
  'pgssub',
  'dvbsub',
  'dvdsub',
  'xsub',
  'libzvbi_teletextdec',
  'libaribcaption',
  'libaribb24',
  'cc_dec',
  'bmp',
  'gif',
  'webp',
];

/** Every decoder that may run, whatever else the installed ffmpeg was built with: the attack surface is this list. */
export const DECODERS: readonly string[] = [
  ...[...VIDEO_CODECS, ...AUDIO_CODECS, ...TEXT_CODECS].flatMap(({ codec, decoders }) => decoders ?? [codec]),
  ...IGNORED_DECODERS,
];

const PLAYABLE: ReadonlySet<string> = new Set([...VIDEO_CODECS, ...AUDIO_CODECS].map(({ codec }) => codec));

/** Whether a picture or sound in this codec is decoded. */
export const isPlayableCodec = (codec: string): boolean => PLAYABLE.has(codec);
