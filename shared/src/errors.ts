/**
 * Every error a process may report, with what it means to an HTTP client and to a retrying worker.
 * Adapters translate the vendor errors they can name into one of these and rethrow the rest.
 */
const ERROR_TABLE = {
  // Requests
  invalid_parameters: { status: 400, retry: false },
  unauthorized: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  method_not_allowed: { status: 405, retry: false },
  request_timeout: { status: 408, retry: true },
  conflict: { status: 409, retry: false },
  gone: { status: 410, retry: false },
  not_playable_yet: { status: 412, retry: true },
  payload_too_large: { status: 413, retry: false },
  unsupported_media_type: { status: 415, retry: false },
  range_not_satisfiable: { status: 416, retry: false },
  rate_limited: { status: 429, retry: true },
  internal: { status: 500, retry: true },
  /** A customer's playlist leads where no session may. */
  playlist_refused: { status: 502, retry: false },
  unavailable: { status: 503, retry: true },
  segment_pending: { status: 503, retry: true },

  // The source itself; trying again cannot help.
  empty_source: { status: 422, retry: false },
  not_media: { status: 422, retry: false },
  unsupported_container: { status: 422, retry: false },
  unsupported_codec: { status: 422, retry: false },
  no_streams: { status: 422, retry: false },
  truncated: { status: 422, retry: false },
  corrupt: { status: 422, retry: false },
  limit_pixels: { status: 422, retry: false },
  limit_duration: { status: 422, retry: false },
  limit_fps: { status: 422, retry: false },
  limit_streams: { status: 422, retry: false },
  source_missing: { status: 422, retry: false },
  source_mismatch: { status: 422, retry: true },

  // The work on it; another attempt or another worker may succeed.
  encode_failed: { status: 500, retry: true },
  encode_stalled: { status: 500, retry: true },
  worker_lost: { status: 500, retry: true },
  scratch_full: { status: 500, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** Nothing is wrong with what was asked; something that it needs is away, and mostly comes back. */
const OUTAGES: readonly ErrorCode[] = ['unavailable', 'scratch_full'];

export interface AppErrorOptions {
  /** What went wrong, for logs and operators. */
  readonly cause?: unknown;
  /** Plain data for logs (argv, exit code, stderr tail); never a secret, never shown to an API client. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds for a `Retry-After` header. */
  readonly retryAfterSeconds?: number;
}

/** The one error type that crosses module borders. `message` is a sentence the person who caused it can act on. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return ERROR_TABLE[this.code].status;
  }

  get isRetryable(): boolean {
    return ERROR_TABLE[this.code].retry;
  }

  get isOutage(): boolean {
    return OUTAGES.includes(this.code);
  }
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, text);
}

/** Mux's error body. An error that is not ours says nothing of its inside. */
export interface ErrorBody {
  readonly error: { readonly type: string; readonly messages: readonly string[] };
}

export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof AppError) return { error: { type: error.code, messages: [error.message] } };
  return { error: { type: 'internal', messages: ['Something went wrong on our side.'] } };
}
