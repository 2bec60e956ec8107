import { parseMediaPlaylist } from '@mediaflow/shared/hls/parse';
import { segment, stringifyPlaylist, tag } from '@mediaflow/shared/hls/stringify';
import { newAccountId, newAssetId, newPlaybackId, newSigningKeyId, randomHex } from '@mediaflow/shared/ids';
import type { PlaybackAnswer } from '@mediaflow/shared/internal';
import { type ClipWindow, signSession } from '@mediaflow/shared/session';
import { deriveHmacKey, encodeBase64Url } from '@mediaflow/shared/signed';
import { clipMediaPlaylist } from '../../edge/src/playback/clip-media-playlist.ts';
import { personaliseHls } from '../../edge/src/playback/personalise.ts';
import { openSession } from '../../edge/src/playback/session-policy.ts';
import { type VerificationKey, verifyToken } from '../../edge/src/playback/verify-token.ts';
import { median } from '../common/statistics.ts';

/** Milliseconds of CPU, medians of the rounds. */
export interface PlaylistFigures {
  /** Verify an RS256 token with a key at hand, filter and rewrite a multivariant playlist of 18 variants, sign the session. */
  readonly multivariantCpuMs: number;
  /** Read, cut and write a media playlist of 1,000 segments, down to its bytes. */
  readonly clippedPlaylistCpuMs: number;
  /** How many times as long it takes for four times the lines. */
  readonly growthRatio: number;
}

export const PLAYLIST_BUDGET: PlaylistFigures = { multivariantCpuMs: 1, clippedPlaylistCpuMs: 5, growthRatio: 4.5 };

/** The edge's work on playlists without any network, in this process. */
export async function measurePlaylists({ rounds }: { readonly rounds: number }): Promise<PlaylistFigures> {
  const sendMultivariant = await prepareMultivariant();
  const [thousand, fourThousand] = [1_000, 4_000].map(writePlaylist);
  const measured: PlaylistFigures[] = [];
  // The first round warms up the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    const multivariantCpuMs = await cpuMs(200, sendMultivariant);
    const clippedPlaylistCpuMs = await cpuMs(400, () => clip(thousand));
    const figures = {
      multivariantCpuMs,
      clippedPlaylistCpuMs,
      growthRatio: (await cpuMs(100, () => clip(fourThousand))) / clippedPlaylistCpuMs,
    };
    if (round > 0) measured.push(figures);
  }
  return {
    multivariantCpuMs: median(measured.map(({ multivariantCpuMs }) => multivariantCpuMs)),
    clippedPlaylistCpuMs: median(measured.map(({ clippedPlaylistCpuMs }) => clippedPlaylistCpuMs)),
    growthRatio: median(measured.map(({ growthRatio }) => growthRatio)),
  };
}

/** Of one run, user and system. */
async function cpuMs(runs: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / runs;
}

interface Input {
  readonly text: string;
  readonly window: ClipWindow;
}

/** All but the first and the last segment are kept: the most that there can be to do. */
function writePlaylist(count: number): Input {
  const text = stringifyPlaylist({
    kind: 'media',
    header: [tag('EXT-X-VERSION', '6'), tag('EXT-X-TARGETDURATION', '4'), tag('EXT-X-PLAYLIST-TYPE', 'VOD')],
    segments: Array.from({ length: count }, (_, number) =>
      segment(4.004, `${number}.m4s`, number === 0 ? [tag('EXT-X-MAP', 'URI="init.mp4"')] : []),
    ),
    trailer: [tag('EXT-X-ENDLIST')],
  });
  return { text, window: { startMs: 5_000, endMs: 4_004 * (count - 1), originMs: 4_004, firstSegment: 1, lastSegment: count - 2 } };
}

const encoder = new TextEncoder();

function clip(input: Input | undefined): Uint8Array {
  if (input === undefined) throw new Error('nothing to clip');
  return encoder.encode(stringifyPlaylist(clipMediaPlaylist(parseMediaPlaylist(input.text), input.window, 'media')));
}

async function prepareMultivariant(): Promise<() => Promise<void>> {
  const [accountId, playbackId, keyId] = [newAccountId(), newPlaybackId(), newSigningKeyId()];
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey({ ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
    'sign',
    'verify',
  ]);
  const key: VerificationKey = { algorithm: 'RS256', key: pair.publicKey, accountId };
  const nowMs = Date.now();
  const encode = (value: unknown): string => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  const claims = { sub: playbackId, aud: 'v', exp: Math.floor(nowMs / 1000) + 3600, kid: keyId };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(algorithm, pair.privateKey, new TextEncoder().encode(signed));
  const token = `${signed}.${encodeBase64Url(new Uint8Array(signature))}`;

  const sessionKey = await deriveHmacKey(randomHex(32), 'session');
  const playback: PlaybackAnswer & { readonly version: number } = {
    playback_id: playbackId,
    policy: 'signed',
    account_id: accountId,
    asset_id: newAssetId(),
    version: 1,
    playlist_revision: 0,
    status: 'ready',
  };
  const text = writeMultivariant();
  return async () => {
    const verdict = await verifyToken(token, { audience: 'v', isInPath: false, nowMs, findKey: async () => key });
    if (!verdict.ok) throw new Error(verdict.reason);
    const decision = { playback, rules: { maxShortSide: 1080 }, keyId, mayDownload: false, tokenExpiresAt: claims.exp };
    await personaliseHls(text, { rules: decision.rules, clip: undefined }, (caps) =>
      signSession(sessionKey, openSession(decision, { caps, clip: undefined }, nowMs / 1000)),
    );
  };
}

const SHORT_SIDES = [2160, 1440, 1080, 720, 540, 480, 360, 270, 240];

/** Nine rungs in two codecs with trick play, three languages of sound and of subtitles. */
function writeMultivariant(): string {
  const sound = ['en', 'de', 'fr'].map(
    (language, index) => `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="${language}",LANGUAGE="${language}",URI="a${index}/playlist.m3u8"`,
  );
  const texts = ['en', 'de', 'fr'].map(
    (language, index) =>
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="${language}",LANGUAGE="${language}",URI="t${index}/playlist.m3u8"`,
  );
  const pictures = SHORT_SIDES.flatMap((side) =>
    [
      ['', 'avc1.640028'],
      ['-hevc', 'hvc1.1.6.L120.90'],
    ].flatMap(([suffix, codecs]) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${side * 4000},CODECS="${codecs},mp4a.40.2",RESOLUTION=${Math.round((side * 16) / 9)}x${side},FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO="audio",SUBTITLES="subtitles"`,
      `v${side}${suffix}/playlist.m3u8`,
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${side * 300},CODECS="${codecs}",URI="v${side}${suffix}/iframes.m3u8"`,
    ]),
  );
  return ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-INDEPENDENT-SEGMENTS', ...sound, ...texts, ...pictures, ''].join('\n');
}
