import { open, stat } from 'node:fs/promises';
import { AppError } from '@mediaflow/shared/errors';
import type { Source } from '@mediaflow/shared/source';
import { fileTypeFromFile } from 'file-type';
import { runFfprobe } from '../ffmpeg/run-ffprobe.ts';
import { checkBoxes } from './check-boxes.ts';
import { checkDuration, checkLimits } from './limits.ts';
import { measureEnds } from './measure.ts';
import { findUnmeasured, parseProbe, toSource } from './parse.ts';
import { chooseDemuxer } from './sniff.ts';

const HEAD_BYTES = 4_096;

/**
 * Establishes what an uploaded file is: first by its content alone, then by its headers; nothing is decoded.
 *
 * @throws AppError `empty_source`, `not_media`, `unsupported_container`, `unsupported_codec`, `truncated`, `no_streams`,
 *   `limit_*`: final, with a sentence for the person who sent the file
 */
export async function probeFile(path: string, signal: AbortSignal): Promise<Source> {
  const { size: sizeBytes } = await stat(path);
  if (sizeBytes === 0) throw new AppError('empty_source', 'The file is empty.');
  const demuxer = chooseDemuxer((await fileTypeFromFile(path))?.mime, await readHead(path));
  if (demuxer === 'mov') await checkBoxes(path, sizeBytes);
  const probe = parseProbe(await runFfprobe(path, demuxer));
  signal.throwIfAborted();
  checkLimits(probe);
  const source = toSource(probe, {
    demuxer,
    sizeBytes,
    measuredEnds: await measureEnds(path, demuxer, findUnmeasured(probe, demuxer), { signal }),
  });
  checkDuration(source.durationMs / 1000);
  return source;
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
