import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the working tree this command belongs to. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A file of a package that the root's package.json depends on. */
export function resolveFromRoot(specifier: string): string {
  return createRequire(join(REPOSITORY, 'package.json')).resolve(specifier);
}
