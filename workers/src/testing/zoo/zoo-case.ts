import type { ErrorCode } from '@mediaflow/shared/errors';
import { ffmpeg } from '../clips.ts';

/** One kind of file that people, or attackers, upload. */
export interface ZooCase {
  /** Also what the test is called. */
  readonly name: string;
  /** The name of the file, which says nothing about its content. */
  readonly file?: string;
  make(path: string): Promise<void>;
  readonly verdict: Ready | Refused;
}

/** It plays: every rendition has the grid's frames, its own size in square pixels, 48 kHz stereo. */
export interface Ready {
  readonly seconds: number;
  /** As it is to be seen; absent for sound alone. */
  readonly size?: readonly [width: number, height: number];
  /** Pictures a second of the grid. */
  readonly rate?: number;
  /** 1 unless given. */
  readonly audioTracks?: number;
  /** Types of the warnings, in order. */
  readonly warnings?: readonly string[];
  /** Mean luma (0 to 255) of the first picture's quadrants: top left, top right, bottom left, bottom right. */
  readonly quadrants?: readonly [number, number, number, number];
  /** Mean luma of the whole first picture, within 15 %. */
  readonly meanLuma?: number;
  /** Pictures are whole ones: no combing. */
  readonly isMoving?: boolean;
  /** Spans of the sound in seconds, and whether it is to be heard in them. */
  readonly sound?: readonly { readonly from: number; readonly to: number; readonly isHeard: boolean }[];
  /** None unless given. */
  readonly textTracks?: number;
}

/** It does not, at the first attempt, with a sentence for the person who sent it. */
export interface Refused {
  readonly code: ErrorCode;
  readonly message: RegExp;
}

export const isRefused = (verdict: ZooCase['verdict']): verdict is Refused => 'code' in verdict;

export const BRIGHT = 255;
export const GREY = 96;

/** Upright, the top left quadrant is white and the rest is grey: a turn, a mirror or a black bar shows. */
export const picture = (size = '160x90', { rate = '25', seconds = 2 }: { readonly rate?: string; readonly seconds?: number } = {}) =>
  [
    '-f',
    'lavfi',
    '-i',
    `color=c=0x606060:s=${size}:r=${rate}:d=${seconds},drawbox=x=0:y=0:w=iw/2:h=ih/2:color=white:t=fill,format=yuv420p`,
  ] as const;

export const moving = (size = '160x90', rate = '25', seconds = 2) =>
  ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`] as const;

export const tone = (seconds = 2, options = 'r=48000') => ['-f', 'lavfi', '-i', `sine=f=440:d=${seconds}:${options}`] as const;

export const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] as const;

/** A case that one run of ffmpeg makes, ready to play. */
export function clip(name: string, file: string, args: readonly string[], verdict: Partial<Ready> = {}): ZooCase {
  return {
    name,
    file,
    make: (path) => ffmpeg(...args, path),
    verdict: { seconds: 2, size: [160, 90], rate: 25, ...verdict },
  };
}
