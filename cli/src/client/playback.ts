import type { Asset } from '@mediaflow/shared/api';
import { AppError } from '@mediaflow/shared/errors';
import { getAttribute, parseAttributes } from '@mediaflow/shared/hls/attributes';
import { parseMediaPlaylist, parseMultivariantPlaylist } from '@mediaflow/shared/hls/parse';
import type { AttributeList } from '@mediaflow/shared/hls/types';
import type { Installation } from './installation.ts';
import { poll } from './poll.ts';

/** The URLs of one asset for one viewer. */
export interface PlaybackLinks {
  readonly hls: string;
  readonly page: string;
}

/** None for a public id. With the second the page has a poster. */
export interface ViewerTokens {
  readonly video?: string | undefined;
  readonly thumbnail?: string | undefined;
}

export function playbackLinks(
  { playbackUrl }: Pick<Installation, 'playbackUrl'>,
  playbackId: string,
  { video, thumbnail }: ViewerTokens = {},
): PlaybackLinks {
  const film = video === undefined ? '' : `?token=${video}`;
  const poster = thumbnail === undefined ? '' : `&thumbnail-token=${thumbnail}`;
  return { hls: `${playbackUrl}/${playbackId}.m3u8${film}`, page: `${playbackUrl}/embed/${playbackId}${film}${poster}` };
}

/** The playback id to hand out: a signed one before a public one. Throws `not_found` for an asset without any. */
export function choosePlaybackId(asset: Pick<Asset, 'id' | 'playback_ids'>): { id: string; policy: 'public' | 'signed' } {
  const ids = asset.playback_ids ?? [];
  const chosen = ids.find((entry) => entry.policy === 'signed') ?? ids[0];
  if (chosen === undefined) throw new AppError('not_found', `Asset ${asset.id} has no playback id.`);
  return chosen;
}

export interface VerifiedPlayback {
  readonly variantCount: number;
  readonly segmentCount: number;
  readonly firstSegmentBytes: number;
}

/**
 * Follows the playlists as a player does, down to the bytes of the first segment of the smallest variant, and throws when a player
 * would fail. Waits for what is announced but not stored yet, and through restarts.
 */
export async function verifyPlayback(url: string, deadlineMs: number, signal?: AbortSignal): Promise<VerifiedPlayback> {
  const fetchPatiently = (at: string) =>
    poll({ everyMs: 250, deadlineMs, what: at.split('?')[0] ?? at, ...(signal && { signal }) }, () => fetchUnlessPending(at, signal));
  const found = await findFirstSegment(url, async (at) => (await fetchPatiently(at)).toString('utf8'));
  const init = await fetchPatiently(found.initUrl);
  const segment = await fetchPatiently(found.segmentUrl);
  expectBox(init, 'ftyp');
  if (!segment.includes('moof')) throw new AppError('corrupt', 'The first segment is no fragment of an MP4.');
  return { variantCount: found.variantCount, segmentCount: found.segmentCount, firstSegmentBytes: segment.length };
}

export interface FirstSegment {
  readonly variantCount: number;
  readonly segmentCount: number;
  readonly initUrl: string;
  readonly segmentUrl: string;
}

/** Where a player begins: the first segment of the smallest variant. @param readPlaylist text of a playlist by its URL */
export async function findFirstSegment(url: string, readPlaylist: (url: string) => Promise<string>): Promise<FirstSegment> {
  const variants = parseMultivariantPlaylist(await readPlaylist(url)).entries.filter((entry) => entry.kind === 'variant');
  const smallest = variants.toSorted((a, b) => bandwidthOf(a.attributes) - bandwidthOf(b.attributes))[0];
  if (smallest === undefined) throw new AppError('corrupt', 'The multivariant playlist has no variant.');
  const mediaUrl = new URL(smallest.uri, url).href;
  const media = parseMediaPlaylist(await readPlaylist(mediaUrl));
  const [first] = media.segments;
  const map = [...media.header, ...(first?.lines ?? [])].find((line) => line.kind === 'tag' && line.name === 'EXT-X-MAP');
  const initUri = map?.kind === 'tag' ? getAttribute(parseAttributes(map.value ?? ''), 'URI') : undefined;
  if (first === undefined || initUri === undefined) throw new AppError('corrupt', 'The media playlist has no segment or no EXT-X-MAP.');
  return {
    variantCount: variants.length,
    segmentCount: media.segments.length,
    initUrl: new URL(initUri, mediaUrl).href,
    segmentUrl: new URL(first.uri, mediaUrl).href,
  };
}

const bandwidthOf = (attributes: AttributeList): number => Number(getAttribute(attributes, 'BANDWIDTH') ?? 0);

/** ISO/IEC 14496-12: a box is its size in four bytes, then its type. */
function expectBox(bytes: Buffer, type: string): void {
  if (bytes.toString('latin1', 4, 8) !== type) throw new AppError('corrupt', `Expected an MP4 file that begins with a ${type} box.`);
}

const PENDING = new Set([412, 500, 502, 503, 504]);

/** Undefined for what may come: not encoded yet, or a process that is being restarted. */
async function fetchUnlessPending(url: string, signal?: AbortSignal): Promise<Buffer | undefined> {
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
  if (PENDING.has(response.status)) return undefined;
  throw new AppError('unavailable', `${url.split('?')[0]} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
}
