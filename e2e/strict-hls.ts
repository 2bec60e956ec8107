import { parse, types } from 'hls-parser';
import { expect } from 'vitest';

export interface Variant {
  readonly url: string;
  readonly height: number;
}

/** The multivariant playlist at `url`, read by a strict parser that is not ours; without its I-frame variants, which are for trick play. */
export async function readVariants(url: string): Promise<readonly Variant[]> {
  const playlist = parse(await fetchText(url));
  if (!(playlist instanceof types.MasterPlaylist)) throw new Error('not a multivariant playlist');
  const played = playlist.variants.filter(({ isIFrameOnly }) => isIFrameOnly !== true);
  return played.map(({ uri, resolution, codecs, audio }) => {
    expect(codecs).toMatch(/^avc1\.[0-9a-f]{6}(?:,mp4a\.40\.2)?$/);
    expect(audio.length).toBeGreaterThan(0);
    return { url: new URL(uri, url).href, height: resolution?.height ?? 0 };
  });
}

/**
 * Holds a media playlist against a strict parser and against its segments: each begins, by its own decode time, where the
 * playlist says. Returns those places in seconds.
 */
export async function checkRendition(url: string): Promise<readonly number[]> {
  const text = await fetchText(url);
  const strict = parse(text);
  if (!(strict instanceof types.MediaPlaylist)) throw new Error('not a media playlist');

  const init = await fetchBytes(new URL(strict.segments[0]?.map?.uri ?? 'init.mp4', url));
  const timescale = init.readUInt32BE(init.indexOf('mdhd') + 16);
  let expected = 0;
  const starts: number[] = [];
  for (const segment of strict.segments) {
    const bytes = await fetchBytes(new URL(segment.uri, url));
    const start = Number(bytes.readBigUInt64BE(bytes.indexOf('tfdt') + 8)) / timescale;
    expect(start).toBeCloseTo(expected, 4);
    starts.push(start);
    expected += segment.duration;
  }
  return starts;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

async function fetchBytes(url: URL): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
