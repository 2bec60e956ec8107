import { AppError } from '@mediaflow/shared/errors';
import type { Bytes } from '@mediaflow/shared/signed';

/** Management calls are small JSON; video bytes go to the upload host. */
export const MAX_API_BODY_BYTES = 1024 * 1024;
/** For the whole body: one that trickles in holds a request of ours open. */
const PATIENCE_MS = 30_000;

export interface BodyLimits {
  readonly maxBytes?: number;
  readonly patienceMs?: number;
}

/**
 * The request's whole body, or an AppError `payload_too_large` or `request_timeout`. Read before it is passed on, announced or not,
 * because a stream that fails midway could reach the origin as a complete, shorter one.
 */
export async function limitBody(
  request: Request,
  { maxBytes = MAX_API_BODY_BYTES, patienceMs = PATIENCE_MS }: BodyLimits = {},
): Promise<Bytes | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return null;
  const reader = request.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('request_timeout', 'The body did not come in time.')), patienceMs);
  });
  try {
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), deadline]);
      if (done) return join(chunks, sizeBytes);
      sizeBytes += value.length;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(value);
    }
  } catch (error) {
    // Nobody waits for it: a client that is gone may never confirm.
    void reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function join(chunks: readonly Uint8Array[], sizeBytes: number): Bytes {
  const body = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

const tooLarge = (maxBytes: number): AppError => new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
