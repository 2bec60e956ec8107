import type { Log } from '@mediaflow/platform/log';
import { AppError } from '@mediaflow/shared/errors';
import { type DataStore, EVENTS, Server, type Upload } from '@tus/server';
import { translateDatabaseError } from '../db/connect.ts';
import { ALLOWED_HEADERS, EXPOSED_HEADERS } from './cors.ts';
import type { AttemptLocker } from './locker.ts';
import { parseSourceKey, parseUploadPath, type SourceAttempt, toSourceKey, UPLOAD_PATH } from './path.ts';
import { receiveFromNode, useNodeBody } from './receive.ts';

export interface TusOptions {
  readonly uploads: DataStore;
  readonly locker: AttemptLocker;
  readonly maxUploadBytes: number;
  /** The upload host as clients reach it. */
  readonly uploadUrl: string;
  readonly log: Log;
  /** A new attempt, after every header was found good and before anything is stored. */
  onCreate(source: SourceAttempt, metadata: Upload['metadata']): Promise<void>;
  /** The last byte is stored. May be called twice, or never: the sweeper stands behind it. */
  onFinish(source: SourceAttempt, sizeBytes: number): Promise<void>;
  onTerminate(source: SourceAttempt): Promise<void>;
}

/** Milliseconds a writer has to end after a resuming client asked for its lock. */
const LOCK_DRAIN_MS = 1_000;

/**
 * The TUS protocol. Who may do what was decided before (`handler.ts`), which also put the attempt into the path of a
 * creation, so that here every request is `/files/{grant}/{attempt}`.
 */
export function createTusServer(options: TusOptions): Server {
  const server = new Server({
    path: UPLOAD_PATH,
    datastore: options.uploads,
    locker: options.locker,
    maxSize: options.maxUploadBytes,
    lockDrainTimeout: LOCK_DRAIN_MS,
    allowedOrigins: () => false,
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    disableTerminationForFinishedUploads: true,
    namingFunction: ({ url }) => toSourceKey(sourceOf(url)),
    getFileIdFromRequest: ({ url }) => toSourceKey(sourceOf(url)),
    generateUrl: ({ url }) => options.uploadUrl + new URL(url).pathname,
    async onIncomingRequest(request) {
      useNodeBody(request);
    },
    async onUploadCreate(_request, { id, metadata }) {
      await options.onCreate(requireSource(id), metadata);
      return {};
    },
    async onUploadFinish(_request, { id, size }) {
      await options.onFinish(requireSource(id), size ?? 0);
      return {};
    },
    onResponseError: (request, error) => mapError(error, () => options.log.error({ err: error, method: request.method }, 'upload failed')),
  });
  receiveFromNode(server);
  server.on(EVENTS.POST_TERMINATE, (_request, _response, id: string) => {
    options.onTerminate(requireSource(id)).catch((err: unknown) => options.log.warn({ err, id }, 'attempt not cleaned up'));
  });
  return server;
}

function sourceOf(url: string): SourceAttempt {
  const path = parseUploadPath(new URL(url).pathname);
  const [uploadId = ''] = path?.grant.split('.') ?? [];
  return requireSource(`sources/${uploadId}/${path?.attempt ?? ''}`);
}

function requireSource(key: string): SourceAttempt {
  const source = parseSourceKey(key);
  if (source === undefined) throw new AppError('not_found', 'There is no such upload.');
  return source;
}

type TusError = { readonly status_code: number; readonly body: string };

/** @tus/server's own errors pass; ours and the database's become an answer; the rest says nothing of its inside. */
function mapError(error: Error | TusError, report: () => void): TusError | undefined {
  if ('status_code' in error) return undefined;
  const translated = translateDatabaseError(error);
  if (translated instanceof AppError && translated.isOutage) report();
  if (translated instanceof AppError) return { status_code: translated.status, body: `${translated.message}\n` };
  report();
  return { status_code: 500, body: 'Something went wrong on our side.\n' };
}
