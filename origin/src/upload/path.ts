import { type UploadId, uploadIdSchema } from '@mediaflow/shared/ids';
import { sourceKey } from '@mediaflow/shared/keys';

/** Everything the upload host serves lies below it. */
export const UPLOAD_PATH = '/files';

/** `/files/{grant}` creates; `/files/{grant}/{attempt}` is one creation's bytes. */
export interface UploadPath {
  readonly grant: string;
  readonly attempt?: string;
}

const PATH_PATTERN = /^\/files\/(?<grant>[A-Za-z0-9._-]{1,200})(?:\/(?<attempt>[0-9a-f]{16}))?\/?$/;

/** Undefined for every other path. The query is dropped: @tus/server would take it for a part of the id. */
export function parseUploadPath(url: string): UploadPath | undefined {
  const [path = ''] = url.split('?');
  const groups = PATH_PATTERN.exec(path)?.groups;
  if (groups?.grant === undefined) return undefined;
  return { grant: groups.grant, ...(groups.attempt !== undefined && { attempt: groups.attempt }) };
}

export function stringifyUploadPath({ grant, attempt }: UploadPath): string {
  return attempt === undefined ? `${UPLOAD_PATH}/${grant}` : `${UPLOAD_PATH}/${grant}/${attempt}`;
}

export interface SourceAttempt {
  readonly uploadId: UploadId;
  readonly attempt: string;
}

/** The store's id of an attempt, which is also the object's key. */
export const toSourceKey = ({ uploadId, attempt }: SourceAttempt): string => sourceKey(uploadId, attempt);

export function parseSourceKey(key: string): SourceAttempt | undefined {
  const [prefix, id, attempt, ...rest] = key.split('/');
  const uploadId = uploadIdSchema.safeParse(id);
  if (prefix !== 'sources' || !uploadId.success || attempt === undefined || rest.length > 0) return undefined;
  return { uploadId: uploadId.data, attempt };
}
