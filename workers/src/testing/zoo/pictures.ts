import { readFile, rm, writeFile } from 'node:fs/promises';
import { ffmpeg } from '../clips.ts';
import { BRIGHT, clip, GREY, moving, picture, tone, X264, type ZooCase } from './zoo-case.ts';

const UPRIGHT = [BRIGHT, GREY, GREY, GREY] as const;
const plain = [...tone(), '-c:a', 'aac'] as const;

type Matrix = readonly [a: number, b: number, c: number, d: number];

/** Writes a display matrix into the only track's header (ISO/IEC 14496-12, 8.3.2), which ffmpeg 5 cannot. */
async function setMatrix(path: string, [a, b, c, d]: Matrix): Promise<void> {
  const bytes = await readFile(path);
  const matrix = bytes.indexOf('tkhd') + 44;
  const places = [
    [a, 0],
    [b, 4],
    [c, 12],
    [d, 16],
  ] as const;
  for (const [value, offset] of places) bytes.writeInt32BE(Math.round(value * 65_536), matrix + offset);
  await writeFile(path, bytes);
}

function turned(name: string, filter: string, matrix: Matrix, size: readonly [number, number] = [160, 90]): ZooCase {
  return {
    name,
    file: 'phone.mov',
    async make(path) {
      await ffmpeg(...picture(), '-vf', filter, ...X264, path);
      await setMatrix(path, matrix);
    },
    verdict: { seconds: 2, size, rate: 25, audioTracks: 0, quadrants: UPRIGHT },
  };
}

const HALF = Math.SQRT1_2;

/** HDR from an SDR picture: its grey at the brightness that a display of 100 cd/m2 gives it. */
const toHdr = (transfer: string): readonly string[] => [
  '-vf',
  `setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv,zscale=transfer=linear:npl=100,format=gbrpf32le,zscale=transfer=${transfer}:primaries=2020:matrix=2020_ncl:npl=100,format=yuv420p10le`,
];
const HDR = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'] as const;
const hdrTags = (transfer: string): readonly string[] => ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];

/** Mean luma of the upright picture. */
const REFERENCE_LUMA = (BRIGHT + 3 * GREY) / 4;

const TURNS: readonly ZooCase[] = [
  turned('turned by 90 degrees', 'transpose=cclock', [0, 1, -1, 0]),
  turned('turned by 180 degrees', 'hflip,vflip', [-1, 0, 0, -1]),
  turned('turned by 270 degrees', 'transpose=clock', [0, -1, 1, 0]),
  turned('mirrored', 'hflip', [-1, 0, 0, 1]),
  turned('turned by 45 degrees, which nobody means', 'null', [HALF, HALF, -HALF, HALF]),
  {
    name: 'turned by metadata and by nothing else',
    file: 'phone.mp4',
    async make(path) {
      await ffmpeg(...picture(), '-vf', 'transpose=clock', ...X264, `${path}.stored.mp4`);
      await ffmpeg('-i', `${path}.stored.mp4`, '-c', 'copy', '-metadata:s:v', 'rotate=90', path);
      await rm(`${path}.stored.mp4`);
    },
    verdict: { seconds: 2, size: [160, 90], rate: 25, audioTracks: 0, quadrants: UPRIGHT },
  },
];

const SHAPES: readonly ZooCase[] = [
  clip('odd sides', 'odd.mkv', [...picture(), '-vf', 'scale=321:181,setsar=1', '-c:v', 'ffv1'], { size: [321, 181], audioTracks: 0 }),
  clip('odd sides with full chroma', 'odd.mp4', [...picture(), '-vf', 'scale=161:91,setsar=1,format=yuv444p', '-c:v', 'libx264'], {
    size: [161, 91],
    audioTracks: 0,
  }),
  clip('two by two pixels', 'dot.mp4', [...picture('2x2'), ...X264], { size: [2, 2], audioTracks: 0 }),
  clip('a tower', 'tower.mp4', [...picture('16x2000', { seconds: 1 }), ...X264], { seconds: 1, size: [16, 2000], audioTracks: 0 }),
  clip('a line', 'line.mp4', [...picture('8192x2', { seconds: 0.4 }), ...X264], { seconds: 0.4, size: [8192, 2], audioTracks: 0 }),
  clip('portrait', 'portrait.mp4', [...picture('90x160'), ...plain, ...X264], { size: [90, 160], quadrants: UPRIGHT }),
  clip('square', 'square.mp4', [...picture('120x120'), ...plain, ...X264], { size: [120, 120], quadrants: UPRIGHT }),
  clip('as wide as in a cinema', 'wide.mp4', [...picture('210x90'), ...plain, ...X264], { size: [210, 90], quadrants: UPRIGHT }),
  clip('as old television', 'old.mp4', [...picture('160x120'), ...plain, ...X264], { size: [160, 120], quadrants: UPRIGHT }),
  clip(
    'a DVD with wide pixels',
    'dvd.mpg',
    [...picture('720x576', { seconds: 1 }), '-vf', 'setsar=64/45', '-c:v', 'mpeg2video', '-f', 'vob'],
    {
      seconds: 1,
      size: [1024, 576],
      audioTracks: 0,
      quadrants: UPRIGHT,
    },
  ),
];

const COLOURS: readonly ZooCase[] = [
  clip('HDR10', 'hdr10.mp4', [...picture(), ...toHdr('smpte2084'), ...HDR, ...hdrTags('smpte2084')], {
    audioTracks: 0,
    meanLuma: REFERENCE_LUMA,
  }),
  clip('HLG', 'hlg.mp4', [...picture(), ...toHdr('arib-std-b67'), ...HDR, ...hdrTags('arib-std-b67')], {
    audioTracks: 0,
    meanLuma: REFERENCE_LUMA,
  }),
  clip('ten bits', 'ten.mp4', [...picture(), '-c:v', 'libx264', '-pix_fmt', 'yuv420p10le'], { audioTracks: 0, quadrants: UPRIGHT }),
  clip('4:2:2', '422.mp4', [...picture(), '-c:v', 'libx264', '-pix_fmt', 'yuv422p10le'], { audioTracks: 0, quadrants: UPRIGHT }),
  clip('4:4:4', '444.mp4', [...picture(), '-c:v', 'libx264', '-pix_fmt', 'yuv444p'], { audioTracks: 0, quadrants: UPRIGHT }),
  clip('the full range of a phone', 'full.mp4', [...picture(), '-vf', 'scale=out_range=full', '-c:v', 'libx264', '-pix_fmt', 'yuvj420p'], {
    audioTracks: 0,
    quadrants: UPRIGHT,
  }),
  clip('all black', 'black.mp4', ['-f', 'lavfi', '-i', 'color=s=160x90:d=2', ...X264], { audioTracks: 0 }),
  clip('white noise', 'noise.mp4', ['-f', 'lavfi', '-i', 'nullsrc=s=160x90:r=60:d=1,geq=random(1)*255', ...X264], {
    seconds: 1,
    rate: 60,
    audioTracks: 0,
  }),
];

const VARIABLE = "select='lt(mod(t,2),0.7)+eq(mod(n,11),0)'";

const TIMES: readonly ZooCase[] = [
  clip('one picture', 'one.mp4', [...picture(), '-frames:v', '1', ...X264], { seconds: 0.04, audioTracks: 0, quadrants: UPRIGHT }),
  clip(
    'a variable rate',
    'variable.mp4',
    [...moving('160x90', '60', 4), ...tone(4), '-vf', VARIABLE, '-vsync', 'vfr', '-c:a', 'aac', ...X264],
    {
      seconds: 4,
      rate: 60,
    },
  ),
  clip('a thousand pictures a second', 'slow.mp4', [...picture('160x90', { rate: '1000', seconds: 0.5 }), ...X264], {
    seconds: 0.5,
    rate: 60,
    audioTracks: 0,
  }),
  clip('one picture in ten seconds', 'lapse.mp4', [...picture('160x90', { rate: '1/10', seconds: 30 }), ...X264], {
    seconds: 30,
    rate: 1,
    audioTracks: 0,
  }),
  clip('29.97 pictures a second', 'ntsc.mp4', [...picture('160x90', { rate: '30000/1001' }), ...plain, ...X264], { rate: 30_000 / 1001 }),
  clip(
    'fields instead of pictures',
    'fields.ts',
    [
      ...['-f', 'lavfi', '-i', 'gradients=s=160x90:r=50:d=2:speed=0.2:seed=1'],
      ...['-vf', 'tinterlace=interleave_top,fieldorder=tff', '-c:v', 'mpeg2video', '-b:v', '2M', '-flags', '+ildct+ilme'],
    ],
    { audioTracks: 0, isMoving: true },
  ),
  clip('a clock that overflows', 'wrap.ts', [...picture(), ...plain, ...X264, '-output_ts_offset', '95441.5', '-f', 'mpegts'], {
    quadrants: UPRIGHT,
  }),
  clip('a clock that begins late', 'late.mp4', [...picture(), ...plain, ...X264, '-output_ts_offset', '7'], {}),
];

export const PICTURES: readonly ZooCase[] = [...TURNS, ...SHAPES, ...COLOURS, ...TIMES];
