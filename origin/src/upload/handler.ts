import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '@mediaflow/platform/log';
import { AppError, toErrorBody } from '@mediaflow/shared/errors';
import { verifyGrant } from '@mediaflow/shared/grant';
import { randomHex } from '@mediaflow/shared/ids';
import type { HmacKey } from '@mediaflow/shared/signed';
import type { Server } from '@tus/server';
import { translateDatabaseError } from '../db/connect.ts';
import type { Db, UploadRow } from '../db/schema.ts';
import { findUpload, touchUploads } from '../db/uploads.ts';
import { chooseRequestId, chooseTraceId } from '../middleware/request-id.ts';
import { decideUploadAccess } from './access.ts';
import { uploadCorsHeaders } from './cors.ts';
import { parseUploadPath, stringifyUploadPath } from './path.ts';

export interface UploadHandlerOptions {
  readonly db: Db;
  readonly tus: Server;
  readonly grantKey: HmacKey;
  readonly log: Log;
}

export type UploadHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Everything below `/files`, straight from Node's server: authorised here, then handed to the TUS server. */
export function createUploadHandler({ db, tus, grantKey, log }: UploadHandlerOptions): UploadHandler {
  async function authorise(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = parseUploadPath(request.url ?? '');
    const uploadId = path && (await verifyGrant(grantKey, path.grant));
    const upload = uploadId && (await findUpload(db, uploadId));
    setHeaders(response, uploadCorsHeaders(upload?.cors_origin));
    const method = request.method ?? '';
    const access = decideUploadAccess({ method, ...(path?.attempt !== undefined && { attempt: path.attempt }) }, upload);
    if (access === 'preflight' || path === undefined || upload === undefined) return;
    if (method === 'POST' || method === 'PATCH') await announceExpiry(response, upload);
    request.url = stringifyUploadPath({ grant: path.grant, attempt: access === 'create' ? randomHex(8) : (path.attempt ?? '') });
  }

  /** Also puts the timeout off, and tells the sweeper of this upload, should this process end before the next line. */
  async function announceExpiry(response: ServerResponse, upload: UploadRow): Promise<void> {
    await touchUploads(db, [upload.id]);
    response.setHeader('upload-expires', new Date(Date.now() + upload.timeout_seconds * 1000).toUTCString());
  }

  return async (request, response) => {
    const requestId = chooseRequestId(request.headers['x-request-id']);
    response.setHeader('x-request-id', requestId);
    try {
      await authorise(request, response);
      await tus.handle(request, response);
    } catch (error) {
      const traceId = chooseTraceId(request.headers.traceparent);
      refuse(response, translateDatabaseError(error), (err) => log.error({ err, requestId, traceId }, 'upload failed'));
    }
  };
}

function refuse(response: ServerResponse, error: unknown, logFault: (error: unknown) => void): void {
  const known = error instanceof AppError ? error : undefined;
  if (known === undefined) logFault(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (known?.retryAfterSeconds !== undefined) response.setHeader('retry-after', known.retryAfterSeconds);
  if (known?.code === 'method_not_allowed') response.setHeader('allow', 'POST, HEAD, PATCH, DELETE, OPTIONS');
  setHeaders(response, { 'content-type': 'application/json', 'tus-resumable': '1.0.0', 'cache-control': 'no-store' });
  response.statusCode = known?.status ?? 500;
  response.end(JSON.stringify(toErrorBody(error)));
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
