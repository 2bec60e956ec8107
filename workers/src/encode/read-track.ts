import { readFile } from 'node:fs/promises';
import { type CodedTrack, readFragmentedMp4 } from '../package/fragmented-mp4.ts';

export async function readTrack(path: string): Promise<CodedTrack> {
  return readFragmentedMp4(await readFile(path));
}
