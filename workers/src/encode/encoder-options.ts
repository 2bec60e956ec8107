import { levelNumber } from '@mediaflow/shared/codec-level';
import type { VideoRendition } from '@mediaflow/shared/rendition';
import type { Timeline } from '@mediaflow/shared/timeline';

/**
 * How a picture is coded: encoder, speed, rate, group of pictures. The bytes of a segment depend on every one of these and
 * on nothing else but its pictures, so all of them follow from the rendition and none from the machine. One closed group
 * of pictures is one segment, whatever the content: no encoder may begin another at a scene cut.
 */
export function encoderOptions(rendition: VideoRendition, timeline: Timeline): readonly string[] {
  switch (rendition.codec) {
    case 'h264':
      return x264Options(rendition, timeline);
    case 'hevc':
      return x265Options(rendition, timeline);
    case 'av1':
      return svtAv1Options(rendition, timeline);
  }
}

/** How full a segment's rate buffer is at its start. Full ones would let every segment cost more than its share of the film. */
export const VBV_INIT = 0.6;

function x264Options({ preset, level, crf, maxBitrateBps, bufferBits, threads }: VideoRendition, timeline: Timeline): readonly string[] {
  return [
    ...['-c:v', 'libx264', '-preset', preset, '-profile:v', 'high', '-level:v', level],
    ...['-crf', String(crf), '-maxrate', String(maxBitrateBps), '-bufsize', String(bufferBits)],
    ...['-g', String(timeline.framesPerSegment), '-keyint_min', String(timeline.framesPerSegment), '-sc_threshold', '0'],
    // stitchable: parameter sets that do not depend on the content.
    ...['-x264-params', `open-gop=0:stitchable=1:vbv-init=${VBV_INIT}`, '-threads', String(threads)],
    // x264 writes its version and options into an SEI; without it a segment made twice is the same bytes.
    ...['-flags:v', '+bitexact', '-bsf:v', 'filter_units=remove_types=6'],
  ];
}

function x265Options({ preset, level, crf, maxBitrateBps, bufferBits }: VideoRendition, timeline: Timeline): readonly string[] {
  const parameters = [
    `keyint=${timeline.framesPerSegment}:min-keyint=${timeline.framesPerSegment}:scenecut=0:open-gop=0`,
    `level-idc=${level}:high-tier=0:vbv-init=${VBV_INIT}`,
    // With a rate buffer, x265 makes different bytes for every number of threads, and with several even from run to run.
    'pools=none:frame-threads=1:wpp=0:lookahead-slices=0',
    // No SEI with version and options; parameter sets in the sample entry alone, as `hvc1` asks (ISO/IEC 14496-15, 8.4.3).
    'info=0:repeat-headers=0:log-level=error',
  ];
  return [
    ...['-c:v', 'libx265', '-preset', preset, '-profile:v', 'main', '-tag:v', 'hvc1'],
    ...['-crf', String(crf), '-maxrate', String(maxBitrateBps), '-bufsize', String(bufferBits)],
    ...['-x265-params', parameters.join(':'), '-flags:v', '+bitexact'],
  ];
}

function svtAv1Options({ preset, level, crf, maxBitrateBps, threads }: VideoRendition, timeline: Timeline): readonly string[] {
  const parameters = [
    // A key frame that nothing before it may be referred from: AV1's closed group of pictures.
    `keyint=${timeline.framesPerSegment}:irefresh-type=2:scd=0`,
    `level=${levelNumber(level)}:mbr=${Math.round(maxBitrateBps / 1000)}`,
    // SVT-AV1 binds a single thread to processor 0 unless told not to, where all the machine's encoders would meet.
    `lp=${threads}:pin=0`,
  ];
  return ['-c:v', 'libsvtav1', '-preset', preset, '-crf', String(crf), '-svtav1-params', parameters.join(':'), '-flags:v', '+bitexact'];
}
