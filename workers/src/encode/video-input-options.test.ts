import { describe, expect, test } from 'vitest';
import { inputGuards } from '../ffmpeg/command.ts';
import { videoInputOptions } from './video-input-options.ts';

describe('videoInputOptions', () => {
  const video = {
    index: 0,
    codec: 'h264',
    width: 640,
    height: 360,
    frameRate: { num: 25, den: 1 },
    startMs: 0,
    endMs: 8_000,
    pixelFormat: 'yuv420p',
    isInterlaced: false,
    isHdr: false,
  };
  const source = {
    demuxer: 'matroska',
    sizeBytes: 1,
    startMs: 0,
    durationMs: 8_000,
    video,
    audio: [],
    text: [],
    warnings: [],
  };

  test('reads from the beginning with the timestamps of the file', () => {
    expect(videoInputOptions(source, { seekSeconds: undefined, threads: 4 })).toEqual([
      ...['-copyts', '-noaccurate_seek', '-threads', '4', '-reinit_filter', '0'],
      ...inputGuards('matroska'),
    ]);
  });

  test.each([
    ['matroska', true, '7.130434'],
    ['matroska', false, '7.000000'],
    ['mov', true, '7.000000'],
  ])('of %s, reordered %s, seeks by so much later as ffmpeg seeks earlier', (demuxer, isReordered, seek) => {
    expect(videoInputOptions({ ...source, demuxer, video: { ...video, isReordered } }, { seekSeconds: 7, threads: 1 })).toContain(seek);
  });

  test('starts filters anew where a picture of another size may have to be turned, and nowhere else', () => {
    const options = (isUpright?: boolean) =>
      videoInputOptions({ ...source, demuxer: 'mov', video: { ...video, isUpright } }, { seekSeconds: undefined, threads: 1 });
    expect(options()).not.toContain('-reinit_filter');
    expect(options(true)).toContain('-reinit_filter');
  });

  test('seeks by timestamp, and turns nothing whose rotation is ignored', () => {
    expect(videoInputOptions({ ...source, video: { ...video, isRotationIgnored: true } }, { seekSeconds: 7, threads: 1 })).toEqual([
      ...['-copyts', '-noaccurate_seek', '-threads', '1', '-seek_timestamp', '1', '-ss', '7.000000'],
      ...['-reinit_filter', '0', '-noautorotate'],
      ...inputGuards('matroska'),
    ]);
  });
});
