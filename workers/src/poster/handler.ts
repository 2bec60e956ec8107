import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { PosterPayload } from '@mediaflow/shared/jobs';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Handler } from '../handler.ts';
import { posterCommand, posterSeconds } from './poster-args.ts';

/** Stores a still picture of the asset; one without a picture has none. */
export const handlePoster: Handler<PosterPayload> = async (payload, { signal, store, staging, workspace, report }) => {
  const { assetId, version, source } = payload;
  const { video } = source;
  if (video !== undefined) {
    const jpeg = await staging.withSource(payload, (inputPath) =>
      workspace.withFolder(async (folder) => {
        const outputPath = join(folder, 'poster.jpg');
        // A format without an index may find no picture after the seek; its first one always is there.
        for (const seekSeconds of [posterSeconds(video), 0]) {
          await runFfmpeg(posterCommand(source.demuxer, video, seekSeconds, inputPath, outputPath), { signal });
          const bytes = await readFile(outputPath).catch(() => undefined);
          if (bytes !== undefined && bytes.byteLength > 0) return bytes;
        }
        throw new AppError('corrupt', 'The file contains no picture that can be decoded.');
      }),
    );
    const object = { kind: 'poster' } as const;
    await store.put(mediaKey({ assetId, version, object }), jpeg, { contentType: mediaContentType(object), sizeBytes: jpeg.byteLength });
  }
  await report({ kind: 'poster', assetId, version }, signal);
};
