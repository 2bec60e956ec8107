import { AppError } from '@mediaflow/shared/errors';
import { isId, type PlaybackId } from '@mediaflow/shared/ids';
import { readToken } from './read-token.ts';

/**
 * What a playback URL names: a playback id with or without `?token=` (Mux), or a token in the id's place (Cloudflare Stream),
 * whose `sub` is then the id.
 */
export interface PlaybackReference {
  /** As claimed; for a token in the path nothing has been verified yet. Undefined when that token names none. */
  readonly playbackId: PlaybackId | undefined;
  readonly token: string | undefined;
  readonly isTokenInPath: boolean;
}

const JWT_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * @param name the path segment, undecoded
 * @param tokens every value of `token` in the query
 * @throws AppError `invalid_parameters` for what is neither an id nor a token, and for two tokens: signer and verifier
 *   could each read another one
 */
export function parseReference(name: string, tokens: readonly string[]): PlaybackReference {
  if (isId(name)) {
    if (tokens.length > 1) throw new AppError('invalid_parameters', 'The query names more than one token.');
    return { playbackId: name as PlaybackId, token: tokens[0], isTokenInPath: false };
  }
  if (!JWT_PATTERN.test(name)) throw new AppError('invalid_parameters', 'This is not a playback id.');
  return { playbackId: peekSubject(name), token: name, isTokenInPath: true };
}

function peekSubject(token: string): PlaybackId | undefined {
  const sub = readToken(token)?.claims.sub;
  return sub !== undefined && isId(sub) ? (sub as PlaybackId) : undefined;
}
