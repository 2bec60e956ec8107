import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Bits of the frame number that a counter clip shows as black and white columns. */
const COUNTER_BITS = 12;

/** A folder of the test file's own; call `remove` in `afterAll`. */
export async function createClipFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mediaflow-clips-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Runs the system's ffmpeg to make a source; the code under test starts its own. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  await execute('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}

/**
 * Input options for a picture that shows its own frame number in binary, as columns from the lowest bit. Drawn with a pixel a column
 * and then made larger: `geq` computes each pixel anew.
 */
export function counterInput(rate: string, seconds: number, size = '320x180'): readonly string[] {
  const columns = `nullsrc=s=${COUNTER_BITS}x1:r=${rate}:d=${seconds},format=gray,geq=lum='40+180*mod(floor(N/pow(2,X)),2)'`;
  return ['-f', 'lavfi', '-i', `${columns},scale=${size.replace('x', ':')}:flags=neighbor,setsar=1`];
}

/**
 * The same with pictures that come as a camera's do: up to `jitterMs` early or late, another for each. The encoder has to take the
 * times as they are, which the last options say.
 */
export const jitteredInput = (rate: number, seconds: number, jitterMs: number, size?: string): readonly string[] => [
  ...counterInput(String(rate), seconds, size),
  ...['-vf', `settb=1/90000,setpts='round((N/${rate}+(1+random(0)*2)*${jitterMs / 1000})/TB)'`],
  ...['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'],
];

export const toneInput = (seconds: number, rateHz = 48_000): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=f=440:d=${seconds}:r=${rateHz}`,
];

/** Long groups of pictures with B-frames and no regularity that would hide a wrong seek. */
export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '97', '-crf', '12', '-pix_fmt', 'yuv420p'] as const;

/** The frame numbers that a video shows, in the order shown. `isPortrait` reads columns that a rotation made rows. */
export async function readCounters(path: string, { isPortrait = false } = {}): Promise<readonly number[]> {
  const scale = isPortrait ? `scale=1:${COUNTER_BITS}:flags=area` : `scale=${COUNTER_BITS}:1:flags=area`;
  const { stdout } = await execute(
    'ffmpeg',
    ['-v', 'error', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-vf', `${scale},format=gray`, '-f', 'rawvideo', '-'],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  return Array.from({ length: stdout.length / COUNTER_BITS }, (_, frame) => {
    const columns = stdout.subarray(frame * COUNTER_BITS, (frame + 1) * COUNTER_BITS);
    return columns.reduce((value, luma, bit) => value + (luma > 128 ? 2 ** bit : 0), 0);
  });
}

/** The left channel of the decoded sound from time 0: what an edit list hides is decoded too, at negative times. */
export async function readSamples(path: string): Promise<Float32Array> {
  const { stdout } = await execute(
    'ffmpeg',
    ['-v', 'error', '-copyts', '-i', path, '-map', '0:a', '-af', 'atrim=start=0,pan=mono|c0=c0', '-f', 'f32le', '-'],
    {
      encoding: 'buffer',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
}

export interface Packet {
  readonly pts: number;
  readonly dts: number;
  readonly isKey: boolean;
}

/**
 * What an independent demuxer finds in the file, in decoding order.
 *
 * @param streams as ffprobe selects them; absent for all
 */
export async function readPackets(path: string, streams?: string): Promise<readonly Packet[]> {
  const select = streams === undefined ? [] : ['-select_streams', streams];
  const { stdout } = await execute('ffprobe', ['-v', 'error', ...select, '-show_entries', 'packet=pts,dts,flags', '-of', 'json', path], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const { packets } = JSON.parse(stdout) as { packets: readonly { pts: number; dts: number; flags: string }[] };
  return packets.map(({ pts, dts, flags }) => ({ pts, dts, isKey: flags.startsWith('K') }));
}

/** The colours that a video track says it is in. */
export async function readColour(path: string): Promise<unknown> {
  const { stdout } = await execute('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=color_space,color_transfer,color_primaries', '-of', 'json', path],
  ]);
  const { streams } = JSON.parse(stdout) as { streams: readonly unknown[] };
  return streams[0];
}
