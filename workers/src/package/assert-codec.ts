import { AppError } from '@mediaflow/shared/errors';
import type { MediaRendition } from '@mediaflow/shared/rendition';
import { codecsOf, type SampleEntry } from './sample-entry.ts';

/**
 * The playlists were written before anything was encoded; what they say of the codec must have come true.
 * @throws AppError `encode_failed`
 */
export function assertCodec(entry: SampleEntry, { id, codecs }: MediaRendition): void {
  const actual = codecsOf(entry);
  if (actual !== codecs) throw new AppError('encode_failed', `The encoder made ${actual} of ${id}, announced as ${codecs}.`);
}
