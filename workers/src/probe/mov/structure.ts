import { AppError } from '@mediaflow/shared/errors';
import { type Box, type MovFile, readBoxes, readBoxesAt } from './boxes.ts';

/**
 * Reads an MP4 or QuickTime file's own account of itself, boxes only: ffmpeg calls a file that was cut a success, and
 * an encrypted one looks to it like any other.
 *
 * @returns how many bytes the file should have
 * @throws AppError `truncated` when no index or no media is left; `unsupported_codec` when it is encrypted
 */
export async function checkMovStructure(mov: MovFile): Promise<number> {
  const { boxes, sizeBytes } = mov;
  const problem = findFatalGap(boxes, sizeBytes);
  if (problem !== undefined) throw new AppError('truncated', `The file ends too early: ${problem}. Upload it again.`);
  if (await isEncrypted(mov)) throw new AppError('unsupported_codec', 'The file is encrypted (DRM) and cannot be played.');
  // They follow one another.
  return boxes.map(endOf).at(-1) ?? 0;
}

const endOf = ({ offset, sizeBytes }: Box): number => offset + sizeBytes;

/** What is missing so that nothing can be played: the index, a part of it, or all that it points to. */
export function findFatalGap(boxes: readonly Box[], sizeBytes: number): string | undefined {
  const index = boxes.find(({ type }) => type === 'moov');
  if (index === undefined) return 'its index is missing';
  if (endOf(index) > sizeBytes) return 'a part of its index is missing';
  if (!boxes.some(({ type }) => type === 'mdat' || type === 'moof')) return 'there is nothing after its index';
  return undefined;
}

/** Version, flags and number of entries stand before the sample entries (ISO/IEC 14496-12, 8.5.2). */
const STSD_FIELDS_BYTES = 8;
/** Sample entries of protected streams (ISO/IEC 14496-12, 8.12). */
const ENCRYPTED_ENTRIES: ReadonlySet<string> = new Set(['encv', 'enca', 'drms', 'drmi']);

async function isEncrypted({ file, boxes, sizeBytes }: MovFile): Promise<boolean> {
  const descriptions = await readBoxesAt(file, boxes, sizeBytes, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']);
  for (const description of descriptions) {
    const entries = await readBoxes(file, description.offset + description.headerBytes + STSD_FIELDS_BYTES, endOf(description));
    if (entries.some(({ type }) => ENCRYPTED_ENTRIES.has(type))) return true;
  }
  return false;
}
