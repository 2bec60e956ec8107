import { isObjectKey } from '../object-store.ts';

/** Where a playlist lies. */
export interface PlaylistPlace {
  /** Of the asset; ends in a slash. */
  readonly prefix: string;
  /** Of the playlist, below the prefix. */
  readonly path: string;
}

/** Why a URI is not served. `outside`: it leaves the prefix. */
export type UriRefusal = 'empty' | 'too_long' | 'scheme' | 'other_host' | 'escape' | 'variable' | 'character' | 'outside';

export type ResolvedUri = { readonly path: string } | { readonly refusal: UriRefusal };

const MAX_LENGTH = 2048;
const QUERY = /^[\w.~!&'()*+,=:@/?-]*$/;

/**
 * The file below the prefix that a customer's URI names (RFC 3986, 5.2), or why it names none. Object keys are plain, so a URI has
 * to be: with no escapes, no variables and no second way to write a slash, every parser reads the same path in it. An absolute
 * path counts from the bucket's root. A query may stand behind it (packagers put versions there) and names nothing.
 */
export function resolveUri(uri: string, place: PlaylistPlace): ResolvedUri {
  const refusal = findFault(uri);
  if (refusal !== undefined) return { refusal };
  const question = uri.indexOf('?');
  const written = question < 0 ? uri : uri.slice(0, question);
  if (question >= 0 && !QUERY.test(uri.slice(question + 1))) return { refusal: 'character' };
  if (!NAMES.test(written) || FOLDER.test(written)) return { refusal: 'character' };
  const folder = place.path.split('/').slice(0, -1);
  const path = written.startsWith('/') ? belowPrefix(walk([], written.slice(1)), place.prefix) : walk(folder, written);
  if (path === undefined) return { refusal: 'outside' };
  return isObjectKey(path) && isObjectKey(place.prefix + path) ? { path } : { refusal: 'character' };
}

/** Each name has to be plain, also one that a `..` behind it takes away again: `\..` is a name to us and two steps to a URL parser. */
const NAMES = /^\/?(?:\.{1,2}|[A-Za-z0-9][A-Za-z0-9._-]*)(?:\/(?:\.{1,2}|[A-Za-z0-9][A-Za-z0-9._-]*))*$/;
/** With a dot at its end a path names a folder. */
const FOLDER = /(?:^|\/)\.{1,2}$/;

function findFault(uri: string): UriRefusal | undefined {
  if (uri === '') return 'empty';
  if (uri.length > MAX_LENGTH) return 'too_long';
  if (/^[/\\]{2}/.test(uri)) return 'other_host';
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) return 'scheme';
  if (uri.includes('%')) return 'escape';
  if (uri.includes('{')) return 'variable';
  return undefined;
}

/** `from` and then `path` with its dots resolved; undefined where they climb above the start. */
function walk(from: readonly string[], path: string): string | undefined {
  const names = [...from];
  for (const name of path.split('/')) {
    if (name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join('/');
}

const belowPrefix = (key: string | undefined, prefix: string): string | undefined =>
  key?.startsWith(prefix) ? key.slice(prefix.length) : undefined;
