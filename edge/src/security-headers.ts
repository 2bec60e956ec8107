/** The dashboard acts for its user and is never framed; the embed page plays and may be framed anywhere. */
export type PageKind = 'dashboard' | 'embed' | 'error';

/** Headers of JSON and of events, which no browser should ever show as a page or hand to another site. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Headers of an HTML page. Scripts come from our own files only; styles may be inline, which the player's shadow roots need; blobs are
 * hls.js' media source and worker, media as `data:` its empty subtitle tracks (`data:,WEBVTT`); `uploadOrigin` is where TUS sends bytes.
 */
export function pageHeaders(kind: PageKind, uploadOrigin: string): Readonly<Record<string, string>> {
  const directives = {
    'default-src': "'self'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'media-src': "'self' blob: data:",
    'worker-src': "'self' blob:",
    'connect-src': kind === 'dashboard' ? `'self' ${uploadOrigin}` : "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': kind === 'embed' ? '*' : "'none'",
  };
  return {
    'content-security-policy': Object.entries(directives)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    // A new build is seen at the next load; the files it names are immutable.
    'cache-control': 'no-cache',
    // A playback token may stand in an embed's URL.
    'referrer-policy': kind === 'embed' ? 'no-referrer' : 'same-origin',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-resource-policy': kind === 'embed' ? 'cross-origin' : 'same-origin',
    ...(kind !== 'embed' && { 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' }),
  };
}
