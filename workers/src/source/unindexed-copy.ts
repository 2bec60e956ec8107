import { constants, copyFile, open } from 'node:fs/promises';
import { readMovFile } from '../probe/mov/boxes.ts';
import { isFullDisk, scratchFull } from '../scratch.ts';
import type { Derive } from './staging.ts';

const BOX_TYPE_OFFSET = 4;

/**
 * Path of a copy of an MP4 in fragments in which no index of them (`sidx`, ISO/IEC 14496-12, 8.16.3) is seen any more. Where one tells of the
 * pictures alone, ffmpeg (5.1) that seeks by it leaves out a fragment, 4 s in a test film, and says nothing; without one it looks for itself.
 */
export function deriveUnindexed(path: string, derive: Derive): Promise<string> {
  return derive('unindexed', async (copyPath) => {
    await copyFile(path, copyPath, constants.COPYFILE_FICLONE).catch((error: unknown) => {
      throw isFullDisk(error) ? scratchFull(error) : error;
    });
    const file = await open(copyPath, 'r+');
    try {
      for (const { type, offset } of (await readMovFile(file)).boxes)
        if (type === 'sidx') await file.write('free', offset + BOX_TYPE_OFFSET, 'latin1');
    } finally {
      await file.close();
    }
  });
}
