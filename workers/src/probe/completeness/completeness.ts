import type { Warning } from '@mediaflow/shared/source';
import { checkMovStructure } from '../mov/structure.ts';
import { type ReadAt, readAt } from '../read-at.ts';
import type { SniffedFile } from '../sniffed-file.ts';
import { declaredBytes, endsWithFlvTag } from './declared-size.ts';
import { endsWithFlacFrame } from './flac-end.ts';
import { mp3Bytes } from './mp3-size.ts';

/**
 * Whether the file has all the bytes that it says it has, from a few reads whatever its length. A file that was cut
 * plays up to the cut, and its headers promise the rest: its real length has to be measured.
 *
 * @returns a warning for the asset, or undefined when nothing is missing as far as can be told
 * @throws AppError `truncated` when nothing playable is left; `unsupported_codec` when the file is encrypted
 */
export async function checkCompleteness({ file, demuxer, head, sizeBytes, mov }: SniffedFile): Promise<Warning | undefined> {
  const read: ReadAt = (offset, bytes) => readAt(file, offset, bytes);
  if (demuxer === 'flv') return (await endsWithFlvTag(sizeBytes, read)) ? undefined : cutShort();
  if (demuxer === 'flac') return (await endsWithFlacFrame(head, sizeBytes, read)) ? undefined : cutShort();
  const expectedBytes = mov !== undefined ? await checkMovStructure(mov) : await statedBytes(demuxer, head, read);
  return expectedBytes !== undefined && expectedBytes > sizeBytes ? cutShort(expectedBytes - sizeBytes) : undefined;
}

const statedBytes = async (demuxer: string, head: Buffer, read: ReadAt): Promise<number | undefined> =>
  demuxer === 'mp3' ? mp3Bytes(head, read) : declaredBytes(demuxer, head);

function cutShort(missingBytes?: number): Warning {
  const missing = missingBytes === undefined ? '' : `: its last ${stringifySize(missingBytes)} are missing`;
  return { type: 'truncated', message: `The file ends too early${missing}. What is there can be played.` };
}

function stringifySize(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
