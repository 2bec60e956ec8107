/** What opens a video on any page: its playback id and, for a signed one, a token for the film and one for its poster. */
export interface EmbedTarget {
  readonly playbackId: string;
  readonly token?: string | undefined;
  readonly thumbnailToken?: string | undefined;
}

/** The player page. The tokens stand in its query, which is where Mux's and Cloudflare's players take them. */
export function embedUrl(origin: string, { playbackId, token, thumbnailToken }: EmbedTarget): string {
  const tokens = { ...(token !== undefined && { token }), ...(thumbnailToken !== undefined && { 'thumbnail-token': thumbnailToken }) };
  const query = new URLSearchParams(tokens).toString();
  return `${origin}/embed/${playbackId}${query && `?${query}`}`;
}

/**
 * HTML for another site: as wide as its place, in the video's shape, no script needed there.
 * @param aspectRatio as the API gives it, `16:9`
 */
export function embedCode(url: string, aspectRatio = '16:9'): string {
  const style = `width: 100%; aspect-ratio: ${aspectRatio.replace(':', ' / ')}; border: 0`;
  return `<iframe src="${url}" style="${style}" allow="autoplay; fullscreen; picture-in-picture" title="Video"></iframe>`;
}
