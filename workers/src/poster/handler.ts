import { join } from 'node:path';
import { AppError } from '@mediaflow/shared/errors';
import type { PosterPayload } from '@mediaflow/shared/jobs';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import { nicenessOf } from '../encode/niceness.ts';
import { tolerateEncodeFailure } from '../ffmpeg/ffmpeg-error.ts';
import { readOutput } from '../ffmpeg/read-output.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Handler } from '../handler.ts';
import { withSourceFile } from '../source/source-file.ts';
import { posterCommand, posterTries } from './poster-args.ts';

/** Stores a still picture of the asset; one without a picture has none. */
export const handlePoster: Handler<PosterPayload> = async (payload, { signal, store, staging, workspace, confirmLease, report }) => {
  const { assetId, version, source } = payload;
  const { video } = source;
  if (video !== undefined) {
    const jpeg = await withSourceFile({ staging, signal }, payload, (inputPath) =>
      workspace.withFolder(async (folder) => {
        const outputPath = join(folder, 'poster.jpg');
        const options = { signal, niceness: nicenessOf('poster') };
        for (const each of posterTries(video)) {
          const run = runFfmpeg(posterCommand(source.demuxer, video, each, inputPath, outputPath), options);
          // Without a single keyframe ffmpeg fails; the next try tells whether there is a picture at all.
          await (each.isKeyframe ? tolerateEncodeFailure(run) : run);
          const bytes = await readOutput(outputPath);
          if (bytes !== undefined && bytes.byteLength > 0) return bytes;
        }
        throw new AppError('corrupt', 'The file contains no picture that can be decoded.');
      }),
    );
    await confirmLease();
    const object = { kind: 'poster' } as const;
    await store.put(mediaKey({ assetId, version, object }), jpeg, { contentType: mediaContentType(object), sizeBytes: jpeg.byteLength });
  }
  await report({ kind: 'poster', assetId, version }, signal);
};
