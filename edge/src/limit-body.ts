import { AppError } from '@mediaflow/shared/errors';

/** Management calls are small JSON; video bytes go to the upload host. */
export const MAX_API_BODY_BYTES = 1024 * 1024;

/** The request's body, or an AppError `payload_too_large`: at once by the announced length, else when the bytes exceed it. */
export function limitBody(request: Request, maxBytes: number = MAX_API_BODY_BYTES): ReadableStream<Uint8Array> | null {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  // With a length announced, the runtime takes no more than that.
  if (request.body === null || request.headers.has('content-length')) return request.body;
  let seen = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.length;
      if (seen > maxBytes) throw tooLarge(maxBytes);
      controller.enqueue(chunk);
    },
  });
  return request.body.pipeThrough(counter);
}

const tooLarge = (maxBytes: number): AppError => new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
