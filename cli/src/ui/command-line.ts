import { join } from 'node:path';
import { REPOSITORY } from '../repository.ts';

/** What a person types for the same platform: `./mediaflow down`, with `--data` where it is not the working tree's own. */
export function commandLine(words: string, dataDir: string): string {
  if (dataDir === join(REPOSITORY, '.mediaflow')) return `./mediaflow ${words}`;
  return `./mediaflow ${words} --data ${quote(dataDir)}`;
}

/** For a POSIX shell. */
const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
