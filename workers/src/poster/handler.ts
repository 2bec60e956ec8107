import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { PosterPayload } from '@mediaflow/shared/jobs';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import { withSourceFile } from '../continuous-copy.ts';
import { nicenessOf } from '../encode/niceness.ts';
import { isEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Handler } from '../handler.ts';
import { posterCommand, posterTries } from './poster-args.ts';

/** Stores a still picture of the asset; one without a picture has none. */
export const handlePoster: Handler<PosterPayload> = async (payload, { signal, store, staging, workspace, report }) => {
  const { assetId, version, source } = payload;
  const { video } = source;
  if (video !== undefined) {
    const jpeg = await withSourceFile({ staging, signal }, payload, (inputPath) =>
      workspace.withFolder(async (folder) => {
        const outputPath = join(folder, 'poster.jpg');
        const options = { signal, niceness: nicenessOf('ahead') };
        for (const each of posterTries(video)) {
          const run = runFfmpeg(posterCommand(source.demuxer, video, each, inputPath, outputPath), options);
          // Without a single keyframe ffmpeg fails; the next try tells whether there is a picture at all.
          await (each.isKeyframe ? run.catch(ignoreFailedEncode) : run);
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

function ignoreFailedEncode(error: unknown): void {
  if (!isEncodeFailure(error)) throw error;
}
