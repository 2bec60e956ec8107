import { parseRational } from '../rational.ts';
import type { Source } from '../source.ts';

export interface SourceTraits {
  readonly rate?: string;
  readonly width?: number;
  readonly height?: number;
  readonly videoSeconds?: number;
  readonly audioSeconds?: number;
}

/** A plausible probe result with the traits a test is about; without `audioSeconds` there is no sound, without `videoSeconds` no picture. */
export function makeSource({ rate = '25/1', width = 1920, height = 1080, videoSeconds, audioSeconds }: SourceTraits): Source {
  const frameRate = parseRational(rate);
  if (frameRate === undefined) throw new TypeError(`not a rate: ${rate}`);
  return {
    demuxer: 'mov',
    sizeBytes: 1_000_000,
    startMs: 0,
    durationMs: Math.max(videoSeconds ?? 0, audioSeconds ?? 0) * 1000,
    ...(videoSeconds !== undefined && {
      video: {
        index: 0,
        codec: 'h264',
        width,
        height,
        frameRate,
        startMs: 0,
        endMs: videoSeconds * 1000,
        pixelFormat: 'yuv420p',
        isInterlaced: false,
        isHdr: false,
      },
    }),
    audio:
      audioSeconds === undefined
        ? []
        : [{ index: 1, codec: 'aac', channels: 2, sampleRateHz: 48_000, startMs: 0, endMs: audioSeconds * 1000 }],
    text: [],
    warnings: [],
  };
}
