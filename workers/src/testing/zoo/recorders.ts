import { readFile, writeFile } from 'node:fs/promises';
import { ffmpeg } from '../clips.ts';
import { picture, type Ready, tone, X264, type ZooCase } from './zoo-case.ts';

const film = [...picture('160x90', { seconds: 8 }), ...tone(8), ...X264, '-g', '50', '-c:a', 'aac'] as const;

const PLAYED: Partial<Ready> = { size: [160, 90], rate: 25 };

/** A film of 8 s whose boxes are not as ffmpeg writes them. */
function recorded(name: string, options: readonly string[], edit: (bytes: Buffer) => Buffer, verdict: Partial<Ready> = PLAYED): ZooCase {
  return {
    name,
    file: 'film.mp4',
    async make(path) {
      await ffmpeg(...film, ...options, path);
      await writeFile(path, edit(await readFile(path)));
    },
    verdict: { seconds: 8, ...verdict },
  };
}

/** Where each box of a type has its content. */
function contentsOf(bytes: Buffer, type: string): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(type); at >= 0; at = bytes.indexOf(type, at + 4)) found.push(at + 4);
  return found;
}

/** Duration in track headers of version 0 (ISO/IEC 14496-12, 8.4.2.2). */
function stateLength(bytes: Buffer, lengthOf: (ticks: number) => number): Buffer {
  for (const content of contentsOf(bytes, 'mdhd')) bytes.writeUInt32BE(lengthOf(bytes.readUInt32BE(content + 16)), content + 16);
  return bytes;
}

/** Number of rows in the tables of a track: behind version and flags, and of `stsz` behind the size of all. */
function emptyTrack(bytes: Buffer, order: number): Buffer {
  for (const [type, offset] of [
    ['stts', 4],
    ['stsc', 4],
    ['stsz', 8],
    ['stco', 4],
  ] as const)
    bytes.writeUInt32BE(0, (contentsOf(bytes, type)[order] ?? 0) + offset);
  return bytes;
}

/** Without the film's first fragments, as somebody has it who came later. */
function skipFragments(bytes: Buffer, count: number): Buffer {
  const starts = contentsOf(bytes, 'moof').map((content) => content - 8);
  return Buffer.concat([bytes.subarray(0, starts[0]), bytes.subarray(starts[count])]);
}

const FRAGMENTS = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'] as const;

/** Index and headers that contradict each other, as cameras, phones and recorders of streams leave them. */
export const RECORDERS: readonly ZooCase[] = [
  recorded('headers without a length', [], (bytes) => stateLength(bytes, () => 0)),
  recorded('headers with half of the length', [], (bytes) => stateLength(bytes, (ticks) => ticks / 2)),
  recorded('a camera without its microphone', [], (bytes) => emptyTrack(bytes, 1), { ...PLAYED, audioTracks: 0 }),
  recorded('a recorder without its camera', [], (bytes) => emptyTrack(bytes, 0), {}),
  recorded('QuickTime without a file type', [], (bytes) => {
    bytes.write('skip', 4, 'latin1');
    return bytes;
  }),
  recorded('a stream that somebody recorded from its middle', FRAGMENTS, (bytes) => skipFragments(bytes, 2), { ...PLAYED, seconds: 4 }),
];
