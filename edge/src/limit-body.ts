import { AppError } from '@mediaflow/shared/errors';

/** Management calls are small JSON; video bytes go to the upload host. */
export const MAX_API_BODY_BYTES = 1024 * 1024;

/**
 * The request's body, or an AppError `payload_too_large`. A body whose length is announced is passed on as a stream; one without is read
 * up to the limit first, because a stream that fails midway could reach the origin as a complete, shorter one.
 */
export async function limitBody(request: Request, maxBytes: number = MAX_API_BODY_BYTES): Promise<BodyInit | null> {
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null || announced !== null) return request.body;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return new Blob(chunks).arrayBuffer();
}

const tooLarge = (maxBytes: number): AppError => new AppError('payload_too_large', `The body is larger than ${maxBytes} bytes.`);
