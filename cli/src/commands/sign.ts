import { AppError } from '@mediaflow/shared/errors';
import { PLAYBACK_AUDIENCES } from '@mediaflow/shared/token';
import { playbackLinks } from '../client/playback.ts';
import { obtainToken, type TokenType } from '../client/sign.ts';
import { toJson } from '../ui/output.ts';
import { parseDuration } from '../ui/units.ts';
import { resolvePlaybackId } from './assets.ts';
import { type ClientOptions, type Context, connect } from './context.ts';

export interface SignOptions extends ClientOptions {
  readonly expires: string;
  readonly type: string;
}

/** `sign ID`: a URL that one viewer may use until it expires. */
export async function sign(id: string, options: SignOptions, context: Context): Promise<void> {
  const type = parseTokenType(options.type);
  const expiresInSeconds = parseDuration(options.expires);
  const { api, installation } = await connect(context, options);
  const { playbackId, assetId = '' } = await resolvePlaybackId(api, id);
  const now = Date.now() / 1000;
  const obtain = (wanted: TokenType) => obtainToken(api, installation, { assetId, playbackId, type: wanted, expiresInSeconds });
  const token = await obtain(type);
  const links = playbackLinks(installation, playbackId, {
    video: token,
    ...(type === 'video' && { thumbnail: await obtain('thumbnail') }),
  });
  const url = type === 'video' ? links.hls : `${installation.playbackUrl}/${playbackId}/${FILES[type]}?token=${token}`;
  const expiresAt = new Date((Math.floor(now) + expiresInSeconds) * 1000).toISOString();
  if (options.json === true) {
    context.output.print(
      toJson({ playback_id: playbackId, token, url, ...(type === 'video' && { page: links.page }), expires_at: expiresAt }),
    );
    return;
  }
  context.output.print(url);
  if (type === 'video') context.output.print(links.page);
  context.output.say(`Good until ${expiresAt}.`);
}

const FILES: Readonly<Record<Exclude<TokenType, 'video'>, string>> = {
  thumbnail: 'thumbnail.jpg',
  gif: 'animated.gif',
  storyboard: 'storyboard.vtt',
};

function parseTokenType(text: string): TokenType {
  const type = (Object.keys(PLAYBACK_AUDIENCES) as TokenType[]).find((candidate) => candidate === text);
  if (type === undefined) {
    throw new AppError('invalid_parameters', `--type ${text}: use one of ${Object.keys(PLAYBACK_AUDIENCES).join(', ')}.`);
  }
  return type;
}
