import { setTimeout as delay } from 'node:timers/promises';
import { AppError, isErrorCode } from '@mediaflow/shared/errors';
import { z } from 'zod';
import type { Installation } from './installation.ts';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
}

export interface ApiClient {
  /**
   * The answer's `data`, parsed. Throws `unavailable` when nobody answers, `unauthorized`, `not_found` and the like as the API
   * says them.
   */
  request<T>(path: string, schema: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** The same for an answer without a body. */
  send(path: string, options: RequestOptions): Promise<void>;
}

export interface ClientOptions {
  /** How long to try again while the installation is away or restarting; 0: at once or not at all. */
  readonly patienceMs: number;
  /** The same where nobody answers at all, which mostly means that nothing is running; `patienceMs` unless given. */
  readonly absenceMs?: number;
  readonly signal?: AbortSignal;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;

export function createApiClient(installation: Installation, { patienceMs, absenceMs = patienceMs, signal }: ClientOptions): ApiClient {
  const authorization = `Basic ${Buffer.from(`${installation.tokenId}:${installation.tokenSecret}`).toString('base64')}`;

  async function once(path: string, { method = 'GET', body }: RequestOptions): Promise<unknown> {
    const url = `${installation.apiUrl}${path}`;
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw new AppError('unavailable', `MediaFlow does not answer at ${installation.apiUrl}. Is it running? ./mediaflow up starts it.`, {
        cause: error,
      });
    }
    if (!response.ok) throw toError(response.status, text, installation);
    if (text === '') return undefined;
    return parseJson(text, url);
  }

  async function patiently(path: string, options: RequestOptions): Promise<unknown> {
    const startedAt = Date.now();
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, MAX_RETRY_MS)) {
      try {
        return await once(path, options);
      } catch (error) {
        if (Date.now() + waitMs > startedAt + patienceWith(error)) throw error;
      }
      await delay(waitMs, undefined, { ...(signal !== undefined && { signal }) });
    }
  }

  /** Milliseconds for which an error may be met by another try. */
  function patienceWith(error: unknown): number {
    if (!(error instanceof AppError && error.code === 'unavailable')) return 0;
    return error.details.status === undefined ? absenceMs : patienceMs;
  }

  return {
    async request(path, schema, options = {}) {
      const answer = z.object({ data: schema }).safeParse(await patiently(path, options));
      if (answer.success) return answer.data.data;
      throw new AppError('internal', `${installation.apiUrl}${path} answered in a shape that this version does not know.`, {
        cause: answer.error,
      });
    },
    async send(path, options) {
      await patiently(path, options);
    },
  };
}

const errorBodySchema = z.object({ error: z.object({ type: z.string(), messages: z.array(z.string()) }) });

/** What a status and a body mean to the person at the keyboard. */
export function toError(status: number, text: string, { apiUrl }: Pick<Installation, 'apiUrl'>): AppError {
  const body = errorBodySchema.safeParse(tryJson(text)).data?.error;
  const message = body?.messages.join(' ') || `${apiUrl} answered ${status}.`;
  if (status === 401) return new AppError('unauthorized', `${apiUrl} does not accept these credentials.`);
  if (status === 404) return new AppError('not_found', message);
  // A gateway without its origin, a worker that was just replaced: all of them pass.
  if (status >= 500) return new AppError('unavailable', message, { details: { status } });
  return new AppError(body !== undefined && isErrorCode(body.type) ? body.type : 'invalid_parameters', message);
}

function parseJson(text: string, url: string): unknown {
  const value = tryJson(text);
  if (value === undefined) throw new AppError('unavailable', `${url} answered with something else than JSON. Is that a MediaFlow?`);
  return value;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
