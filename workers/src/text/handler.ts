import type { TextPayload } from '@mediaflow/shared/jobs';
import { mediaContentType, mediaKey } from '@mediaflow/shared/keys';
import type { Handler } from '../handler.ts';
import { withSourceFile } from '../source/source-file.ts';
import { extractText } from './extract-text.ts';
import { stringifyTextSegments } from './text-segments.ts';

/** Stores every segment of one subtitle track. */
export const handleText: Handler<TextPayload> = async (payload, { signal, store, staging, workspace, report, confirmLease }) => {
  const { assetId, version, source, timeline, rendition } = payload;
  const { cues, warnings } = await withSourceFile({ staging, signal }, payload, (inputPath) =>
    workspace.withFolder((workDir) => extractText(source, rendition, { inputPath, workDir, timeline, signal })),
  );
  await confirmLease();
  for (const { number, file } of stringifyTextSegments(cues, timeline)) {
    signal.throwIfAborted();
    const object = { kind: 'segment', renditionId: rendition.id, number } as const;
    const body = new TextEncoder().encode(file);
    await store.put(mediaKey({ assetId, version, object }), body, {
      contentType: mediaContentType(object),
      sizeBytes: body.byteLength,
      ifAbsent: true,
    });
  }
  await report({ kind: 'extracted', assetId, version, renditionId: rendition.id, cueCount: cues.length, warnings: [...warnings] }, signal);
};
