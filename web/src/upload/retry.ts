/** Why a request of a transfer failed; no status means that no answer came. */
export interface TransferFailure {
  readonly status?: number;
  /** The answer's text: ours is `{"error":{"messages":[…]}}`, the TUS server's is a plain sentence. */
  readonly body?: string;
}

/** Wait and ask the server for its offset again, or stop and say why. */
export type RetryVerdict =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'refused'; readonly message: string; readonly isUploadGone: boolean };

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;

/** 4xx that pass by themselves: the offset moved (409), locked by a dying request (423), asked to slow down (429), a damaged chunk (460). */
const PASSING_STATUSES = new Set([408, 409, 423, 425, 429, 460]);

/** `attempt` counts failures since the last byte that the server took, from 0. There is no last attempt: a person decides that. */
export function decideRetry(failure: TransferFailure, attempt: number): RetryVerdict {
  const { status } = failure;
  // 507: the server's disk is full, which waiting does not mend; every other 5xx is an outage.
  const isPassing = status === undefined || (status >= 500 && status !== 507) || PASSING_STATUSES.has(status);
  if (isPassing) return { kind: 'retry', delayMs: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10)) };
  return { kind: 'refused', message: sentenceFor(status, failure.body), isUploadGone: GONE_STATUSES.has(status) };
}

const GONE_STATUSES = new Set([401, 403, 404, 410]);

const SENTENCES: Readonly<Record<number, string>> = {
  401: 'This upload is no longer open. Add the file again to start over.',
  403: 'This upload is no longer open. Add the file again to start over.',
  404: 'The server no longer has this upload. Add the file again to start over.',
  410: 'The server no longer has this upload. Add the file again to start over.',
  413: 'The file is larger than this installation takes.',
  415: 'This kind of file is not taken. Upload a video or an audio file.',
  507: 'The server has no room left. Free some space there, then try again.',
};

function sentenceFor(status: number, body: string | undefined): string {
  return SENTENCES[status] ?? messageIn(body) ?? `The server refused the upload (status ${status}).`;
}

function messageIn(body: string | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body ?? '');
    const messages = (parsed as { error?: { messages?: unknown } } | null)?.error?.messages;
    return Array.isArray(messages) && typeof messages[0] === 'string' ? messages[0] : undefined;
  } catch {
    return undefined;
  }
}
