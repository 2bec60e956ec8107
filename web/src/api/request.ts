import { AppError, type ErrorCode, isErrorCode } from '@mediaflow/shared/errors';

/** What a response body is parsed with; every schema of `@mediaflow/shared/api` is one. */
export interface Parser<T> {
  parse(value: unknown): T;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** One page of a list; `nextCursor` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/**
 * Calls the management API on this page's own origin. The session is an HttpOnly cookie, so no script ever holds a
 * credential. Throws AppError with the API's own code and a sentence that can be shown.
 */
export async function requestData<T>(path: string, parser: Parser<T>, options: RequestOptions = {}): Promise<T> {
  return parseBody(parser, (await readEnvelope(path, options)).data);
}

export async function requestPage<T>(path: string, parser: Parser<T[]>, options: RequestOptions = {}): Promise<Page<T>> {
  const envelope = await readEnvelope(path, options);
  const items = parseBody(parser, envelope.data);
  return typeof envelope.next_cursor === 'string' ? { items, nextCursor: envelope.next_cursor } : { items };
}

/** For calls that answer with nothing to read. */
export async function requestNothing(path: string, options: RequestOptions): Promise<void> {
  await send(path, options);
}

async function readEnvelope(path: string, options: RequestOptions): Promise<{ data?: unknown; next_cursor?: unknown }> {
  const response = await send(path, options);
  const envelope: unknown = await response.json().catch(() => undefined);
  if (typeof envelope !== 'object' || envelope === null) {
    throw new AppError('unavailable', 'The server gave an answer that is not MediaFlow’s. Is something else listening at this address?');
  }
  return envelope;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new AppError('unavailable', 'The server cannot be reached. Check the connection, then try again.', { cause });
  });
  if (response.ok) return response;
  throw toAppError(response.status, await response.json().catch(() => undefined));
}

function parseBody<T>(parser: Parser<T>, value: unknown): T {
  try {
    return parser.parse(value);
  } catch (cause) {
    throw new AppError('internal', 'The server’s answer has a shape this page does not know. Reload the page to get its newest version.', {
      cause,
    });
  }
}

/** Codes for answers that carry no code of ours: a proxy's error page, a dropped worker. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_parameters',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'not_playable_yet',
  413: 'payload_too_large',
  429: 'rate_limited',
};

const SENTENCE_OF_CODE: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'You are signed out. Sign in again to go on.',
  forbidden: 'This token is not allowed to do that.',
  not_found: 'It is not there. It may have been deleted.',
  rate_limited: 'Too many requests at once. Wait a moment, then try again.',
  payload_too_large: 'That is more than the server takes.',
  unavailable: 'The server is not ready at the moment. Try again in a few seconds.',
};

/** `body` is the parsed answer, ideally `{"error":{"type","messages"}}`, else anything. */
export function toAppError(status: number, body: unknown): AppError {
  const { type, messages } = parseErrorBody(body);
  const fallback = CODE_OF_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'invalid_parameters');
  const code = type !== undefined && isErrorCode(type) ? type : fallback;
  const sentence = messages.join(' ') || SENTENCE_OF_CODE[code] || `The server refused this (status ${status}).`;
  return new AppError(code, sentence);
}

function parseErrorBody(body: unknown): { type: string | undefined; messages: readonly string[] } {
  const error: unknown = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  if (typeof error !== 'object' || error === null) return { type: undefined, messages: [] };
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  const messages = 'messages' in error && Array.isArray(error.messages) ? error.messages : [];
  return { type, messages: messages.filter((message): message is string => typeof message === 'string') };
}

/** A sentence for any thrown value; what is not ours says nothing of its inside. */
export function sentenceOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'Something went wrong in this page. Reload it and try again.';
}
