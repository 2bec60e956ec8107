/**
 * An origin that the worker under test reaches over the network, as `index.test.ts` starts it: one public film, whose segment 0 is
 * stored and whose segment 1 is made once `/release` is called. Runs in Node, beside workerd, hence without imports.
 */
export const NETWORK_FILM = {
  playbackId: '0123456789abcdef0123456789abcdef',
  assetId: 'fedcba9876543210fedcba9876543210',
  segmentBytes: 200_000,
};

const PREFIX = `/internal/objects/media/${NETWORK_FILM.assetId}/1/`;
const PLAYLIST = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv360/playlist.m3u8\n';

const made = Promise.withResolvers<void>();
let isMade = false;

/** How often each path was asked for since the start, at `/calls`. */
const calls: Record<string, number> = {};

export async function answerFromNetwork(request: { readonly url: string }): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/system/v1/calls') return Response.json(calls);
  calls[pathname] = (calls[pathname] ?? 0) + 1;
  switch (pathname) {
    case '/ready':
      return Response.json({ status: 'ready', checks: {} });
    case '/system/v1/release':
      isMade = true;
      made.resolve();
      return Response.json({});
    case '/internal/revocations':
      return Response.json({ entries: [], next_cursor: '1', has_more: false });
    case '/internal/segments':
      await made.promise;
      return Response.json({ state: 'stored' });
    case '/internal/credentials':
      return Response.json({ token_id: '1'.repeat(32), account_id: '2'.repeat(32), scopes: ['video:read', 'system:read'] });
    case `/internal/playback-ids/${NETWORK_FILM.playbackId}`:
      return Response.json({
        playback_id: NETWORK_FILM.playbackId,
        policy: 'public',
        account_id: '2'.repeat(32),
        asset_id: NETWORK_FILM.assetId,
        version: 1,
        status: 'ready',
      });
    case `${PREFIX}main.m3u8`:
      return withLength(new Uint8Array(new TextEncoder().encode(PLAYLIST)));
    case `${PREFIX}v360/0.m4s`:
      return withLength(new Uint8Array(NETWORK_FILM.segmentBytes).fill(7));
    case `${PREFIX}v360/1.m4s`:
      return isMade ? withLength(new Uint8Array(NETWORK_FILM.segmentBytes).fill(8)) : Response.json({}, { status: 404 });
    default:
      return Response.json({}, { status: 404 });
  }
}

const withLength = (bytes: Uint8Array<ArrayBuffer>): Response =>
  new Response(bytes, { headers: { 'content-length': String(bytes.length), etag: `"${bytes.length}"` } });
