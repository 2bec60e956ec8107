import { mountPlayer } from './player/player.ts';

/** `/embed/{PLAYBACK_ID}?token=JWT`, and `thumbnail-token=JWT` for the poster of a signed video, as Mux's player names it. */
const EMBED_PATH = /^\/embed\/([A-Za-z0-9_.-]+)\/?$/;

function start(container: HTMLElement): void {
  const playbackId = EMBED_PATH.exec(location.pathname)?.[1] ?? '';
  const query = new URLSearchParams(location.search);
  const token = query.get('token');
  const thumbnailToken = query.get('thumbnail-token');
  const isPosterOpen = token === null || thumbnailToken !== null;
  const player = mountPlayer(container, { src: withToken(`/${playbackId}.m3u8`, token) });
  if (isPosterOpen) player.setPoster(withToken(`/${playbackId}/thumbnail.jpg`, thumbnailToken));
}

const withToken = (path: string, token: string | null): string => (token === null ? path : `${path}?${new URLSearchParams({ token })}`);

const container = document.getElementById('player');
if (container !== null) start(container);
