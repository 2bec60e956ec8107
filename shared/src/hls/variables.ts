import { getAttribute, parseAttributes } from './attributes.ts';
import { PlaylistError } from './lex.ts';

/** What variables may add to a playlist's URIs all in all: a short line must not become a long answer. */
const MAX_SUBSTITUTED_LENGTH = 1024 * 1024;
const REFERENCE = /\{\$([A-Za-z0-9_-]+)\}/g;

/**
 * The variables of one playlist (draft-pantos-hls-rfc8216bis, sections 4.3 and 4.4.2.3), as far as they are known here: by `NAME` and
 * `VALUE`. One that is imported or comes from the playlist's own query may stand anywhere but in a URI: where that leads is not to be
 * known, so it is refused.
 */
export interface Variables {
  /** Takes the value of an `EXT-X-DEFINE`; it counts from there on. */
  define(value: string): void;
  /** The text with its references replaced. */
  substitute(text: string): string;
}

export function createVariables(): Variables {
  const values = new Map<string, string | undefined>();
  let substitutedLength = 0;
  const lookUp = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw new PlaylistError(`a URI needs the variable "${name}", which has no value in this playlist`);
    substitutedLength += value.length;
    if (substitutedLength > MAX_SUBSTITUTED_LENGTH) throw new PlaylistError('variables make the URIs longer than 1 MB');
    return value;
  };
  return {
    define(text) {
      const attributes = parseAttributes(text);
      const name = ['NAME', 'IMPORT', 'QUERYPARAM'].map((key) => getAttribute(attributes, key)).find((found) => found !== undefined);
      if (name === undefined) throw new PlaylistError('EXT-X-DEFINE without a name');
      if (values.has(name)) throw new PlaylistError(`the variable "${name}" is defined twice`);
      values.set(name, getAttribute(attributes, 'NAME') === undefined ? undefined : (getAttribute(attributes, 'VALUE') ?? ''));
    },
    substitute(text) {
      if (!text.includes('{$')) return text;
      const substituted = text.replaceAll(REFERENCE, (_, name: string) => lookUp(name));
      // A player would replace what a value brought in.
      if (substituted.search(REFERENCE) >= 0) throw new PlaylistError('a variable’s value refers to a variable');
      return substituted;
    },
  };
}
