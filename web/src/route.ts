/** The dashboard's four places. A path that names none of them is `not-found`, never the library. */
export type Route =
  | { readonly name: 'library' }
  | { readonly name: 'video'; readonly assetId: string }
  | { readonly name: 'settings' }
  | { readonly name: 'not-found' };

const VIDEO_PATH = /^\/videos\/([0-9a-f]{32})\/?$/;

export function parseRoute(path: string): Route {
  if (path === '/' || path === '/index.html') return { name: 'library' };
  if (/^\/settings\/?$/.test(path)) return { name: 'settings' };
  const assetId = VIDEO_PATH.exec(path)?.[1];
  return assetId === undefined ? { name: 'not-found' } : { name: 'video', assetId };
}

export const LIBRARY_PATH = '/';
export const SETTINGS_PATH = '/settings';
export const videoPath = (assetId: string): string => `/videos/${assetId}`;
