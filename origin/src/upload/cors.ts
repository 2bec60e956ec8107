/**
 * Which page may talk to an upload. @tus/server knows one list for all uploads, so its own header is switched off.
 * @param uploadOrigin `cors_origin` of the upload; every origin when it set none
 */
export function uploadCorsHeaders(uploadOrigin: string | null | undefined): Readonly<Record<string, string>> {
  return { 'access-control-allow-origin': uploadOrigin ?? '*', vary: 'Origin' };
}

/** Beyond @tus/server's own list. */
export const EXPOSED_HEADERS = ['Upload-Expires', 'X-Request-Id'];
export const ALLOWED_HEADERS = ['X-Request-Id'];
